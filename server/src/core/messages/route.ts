// Where somebody's word goes: to a pair or to a gathering, found and allowed. Whatever is done in a conversation (said,
// changed, read, typed) goes this way.
import type { App } from '../apps/app.ts';
import type { ConversationKind } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { MessagePlace } from '../events.ts';
import { assertPlainId, bareId, isPassenger, type PrincipalKey } from '../ids.ts';
import { conversationTopic, type Topic, userTopic } from '../ports/bus.ts';
import type { PairFacts, PersonFacts, RosterFacts } from './facts.ts';
import { messageFlags } from './message.ts';
import { assertMaySpeak, type Speaker, type SpeakPolicy, sessionPolicy } from './speak.ts';

export type SendTarget =
  | { readonly kind: 'direct'; readonly to: PrincipalKey }
  | { readonly kind: 'group' | 'room'; readonly id: string }
  /** Of any kind but a thread, by any of its ids. */
  | { readonly kind: 'conversation'; readonly id: string }
  /** What a service (by any of its ids) says to one client. */
  | { readonly kind: 'thread'; readonly id: string; readonly to: PrincipalKey };

/** Where it goes, once everything has been looked up and allowed. */
export type Route = {
  /** Number; null for two, or a service and a client, who have none yet. */
  readonly conversation: number | null;
  readonly place: MessagePlace;
  readonly topics: readonly Topic[];
  /** Of a message that is said here now. */
  readonly flags: number;
  readonly keeps: boolean;
  /** Of direct talk. */
  readonly pair?: PairFacts;
  /** Number of the service, of a thread. */
  readonly service?: number;
};

/** What is asked of those who change or read what was said: to stand where it was said. */
export const standing: SpeakPolicy = {
  ...sessionPolicy,
  obey: { silence: false, blocks: false, disabled: true, words: 'off' },
};

/** Which message is changed. `policy`: what is asked of who changes it; `anybody`: not only its sender may. */
export type ChangeTarget = {
  readonly target: SendTarget;
  readonly ts: number;
  readonly policy?: SpeakPolicy;
  readonly anybody?: boolean;
};

/** Where something was said already. Throws `message-not-found` for two who never talked. */
export async function spokenIn(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  { conversation, place, service }: Pick<Route, 'conversation' | 'place' | 'service'>,
): Promise<number> {
  if (conversation !== null) return conversation;
  if (place.kind === 'thread' && service !== undefined)
    return (await core.store.conversations.claimThread(app.no, service, place.to, core.clock.now())).no;
  throw new ImError('message-not-found', 'there is no such message');
}

/** Throws the ImErrors of speak.ts, `user-not-found`, `passenger-not-found`, `conversation-not-found`, `conversation-expired`. */
export async function findRoute(
  core: Pick<Core, 'facts' | 'clock'>,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  policy: SpeakPolicy,
): Promise<Route> {
  const person = await core.facts.person(app.no, speaker.who);
  if (target.kind === 'direct') return routeToPair(core, app, speaker, person, target.to, policy);
  const kinds = target.kind === 'conversation' ? undefined : target.kind === 'thread' ? 'service' : target.kind;
  const facts = await gathering(core, app, target.id, kinds);
  if (target.kind === 'thread') return routeToThread(core, app, speaker, person, facts, target.to, policy);
  if (facts.conversation.kind === 'direct') {
    const to = [...facts.roster].find((who) => who !== speaker.who);
    if (to !== undefined && facts.roster.has(speaker.who))
      return routeToPair(core, app, speaker, person, to, policy, facts);
  }
  return routeToGathering(core, app, speaker, person, facts, policy);
}

/**
 * The route with its conversation, made before a pair's first message; the first message between strangers also records
 * that they met.
 */
export async function openRoute(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  app: App,
  from: PrincipalKey,
  route: Route,
): Promise<Route & { readonly conversation: number }> {
  const { conversation, place, pair, service } = route;
  const now = core.clock.now();
  if (place.kind === 'thread' && service !== undefined && conversation === null) {
    const { no } = await core.store.conversations.claimThread(app.no, service, place.to, now);
    return { ...route, conversation: no };
  }
  if (place.kind !== 'direct' || !pair) return { ...route, conversation: conversation as number };
  const people = !isPassenger(from) && !isPassenger(place.to);
  const meets = people && !pair.friends && !pair.strangersRecorded;
  // By its id alone a pair's talk stays what it is; by the pair's address it is theirs from now on.
  const claims = conversation === null || !pair.pairTalk;
  if (!claims && !meets) return { ...route, conversation };
  const { no, id } = claims
    ? await core.store.conversations.claimPair(app.no, from, place.to, now)
    : { no: conversation, id: place.id };
  if (meets) await core.store.friends.recordStrangers(app.no, from, place.to, no, now);
  core.facts.forgetPair(app.no, from, place.to);
  return { ...route, conversation: no, place: { ...place, id } };
}

async function routeToPair(
  core: Pick<Core, 'facts' | 'clock'>,
  app: App,
  speaker: Speaker,
  person: PersonFacts | undefined,
  to: PrincipalKey,
  policy: SpeakPolicy,
  byId?: RosterFacts,
): Promise<Route> {
  const pair = await core.facts.pair(app.no, speaker.who, to);
  // Who has a conversation with somebody is there: the end of a user ends his conversations.
  if (pair.conversation === null && !byId && (await core.facts.person(app.no, to)) === undefined) {
    // A door that takes any form of id has looked them up itself.
    if (policy.sender === 'session') assertPlainId(bareId(to), 'to.id');
    throw new ImError(isPassenger(to) ? 'passenger-not-found' : 'user-not-found', 'there is nobody of that id', {
      purpose: 'send',
    });
  }
  assertMaySpeak({ kind: 'pair', speaker, person, to, pair, nowMs: core.clock.now() }, policy);
  const conversation = byId?.conversation ?? pair.conversation;
  return {
    conversation: conversation?.no ?? null,
    place: { kind: 'direct', id: conversation?.id ?? null, to },
    topics: [userTopic(app.no, to), userTopic(app.no, speaker.who)],
    flags: pair.friends ? messageFlags.betweenFriends : 0,
    keeps: true,
    // Said by the conversation's id it does not become pair talk.
    pair: byId ? { ...pair, pairTalk: true } : pair,
  };
}

async function gathering(
  core: Pick<Core, 'facts' | 'clock'>,
  app: App,
  id: string,
  kind: ConversationKind | undefined,
): Promise<RosterFacts> {
  const facts = await core.facts.group(app.no, id);
  if (!facts || facts.conversation.kind === 'thread' || (kind !== undefined && facts.conversation.kind !== kind)) {
    throw new ImError('conversation-not-found', `there is no such ${kind ?? 'conversation'}`, {
      purpose: 'send',
      kind,
    });
  }
  const { expiresAt } = facts.conversation;
  if (expiresAt !== null && expiresAt <= core.clock.now())
    throw new ImError('conversation-expired', 'the conversation is over', { purpose: 'send' });
  return facts;
}

function routeToGathering(
  core: Pick<Core, 'clock'>,
  app: App,
  speaker: Speaker,
  person: PersonFacts | undefined,
  facts: RosterFacts,
  policy: SpeakPolicy,
): Route {
  assertMaySpeak({ kind: 'gathering', speaker, person, gathering: facts, nowMs: core.clock.now() }, policy);
  const { no, id, kind, keeps } = facts.conversation;
  return {
    conversation: no,
    place: placeOf(kind, id, speaker.who, facts.roster),
    topics:
      kind === 'direct' ? [...facts.roster].map((who) => userTopic(app.no, who)) : [conversationTopic(app.no, no)],
    flags: 0,
    keeps,
  };
}

/** Somebody who is none of the two may act in a pair's talk only where the policy asks for no standing. */
function placeOf(
  kind: ConversationKind,
  id: string,
  who: PrincipalKey,
  roster: ReadonlySet<PrincipalKey>,
): MessagePlace {
  if (kind !== 'direct' && kind !== 'thread') return { kind, id };
  return { kind: 'direct', id, to: [...roster].find((one) => one !== who) ?? who };
}

function routeToThread(
  core: Pick<Core, 'clock'>,
  app: App,
  speaker: Speaker,
  person: PersonFacts | undefined,
  facts: RosterFacts,
  to: PrincipalKey,
  policy: SpeakPolicy,
): Route {
  assertMaySpeak({ kind: 'gathering', speaker, person, gathering: facts, nowMs: core.clock.now() }, policy);
  const { no, id } = facts.conversation;
  return {
    conversation: null,
    place: { kind: 'thread', id, to },
    topics: [userTopic(app.no, to)],
    flags: 0,
    keeps: true,
    service: no,
  };
}
