// Where somebody's word goes: to a pair or to a gathering, found and allowed. Whatever is done in a conversation (said,
// changed, read, typed) goes this way.
import type { App } from '../apps/app.ts';
import type { ConversationKind } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { MessagePlace } from '../events.ts';
import { assertPlainId, bareId, isPassenger, type PrincipalKey } from '../ids.ts';
import { conversationTopic, type Topic, userTopic } from '../ports/bus.ts';
import { type Soon, soon } from '../soon.ts';
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

/** A route that a message can take. */
export type OpenRoute = Route & { readonly conversation: number };

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
export function findRoute(
  core: Pick<Core, 'facts' | 'clock'>,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  policy: SpeakPolicy,
): Soon<Route> {
  return soon(core.facts.person(app.no, speaker.who), (person) =>
    target.kind === 'direct'
      ? routeToPair(core, app, speaker, person, target.to, policy)
      : routeToTold(core, app, speaker, person, target, policy),
  );
}

async function routeToTold(
  core: Pick<Core, 'facts' | 'clock'>,
  app: App,
  speaker: Speaker,
  person: PersonFacts | undefined,
  target: Exclude<SendTarget, { kind: 'direct' }>,
  policy: SpeakPolicy,
): Promise<Route> {
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
export const openRoute = (
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  app: App,
  from: PrincipalKey,
  route: Route,
): Soon<OpenRoute> => (isOpen(from, route) ? route : claimRoute(core, app, from, route));

/** Nothing has to be made or recorded before a message. */
function isOpen(from: PrincipalKey, route: Route): route is OpenRoute {
  const { conversation, place, pair } = route;
  if (place.kind !== 'direct' || !pair) return conversation !== null;
  return !claims(route) && !meets(from, place.to, pair);
}

/** By its id alone a pair's talk stays what it is; by the pair's address it is theirs from now on. */
const claims = ({ conversation, pair }: Route): boolean => conversation === null || !pair?.pairTalk;

const meets = (from: PrincipalKey, to: PrincipalKey, pair: PairFacts): boolean =>
  !isPassenger(from) && !isPassenger(to) && !pair.friends && !pair.strangersRecorded;

async function claimRoute(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  app: App,
  from: PrincipalKey,
  route: Route,
): Promise<OpenRoute> {
  const { place, pair, service } = route;
  const now = core.clock.now();
  if (place.kind === 'thread' && service !== undefined) {
    const { no } = await core.store.conversations.claimThread(app.no, service, place.to, now);
    return { ...route, conversation: no };
  }
  if (place.kind !== 'direct' || !pair) throw new Error(`a ${place.kind} without a number`);
  const { no, id } = claims(route)
    ? await core.store.conversations.claimPair(app.no, from, place.to, now)
    : { no: route.conversation as number, id: place.id };
  if (meets(from, place.to, pair)) await core.store.friends.recordStrangers(app.no, from, place.to, no, now);
  core.facts.forgetPair(app.no, from, place.to);
  return { ...route, conversation: no, place: { ...place, id } };
}

function routeToPair(
  core: Pick<Core, 'facts' | 'clock'>,
  app: App,
  speaker: Speaker,
  person: PersonFacts | undefined,
  to: PrincipalKey,
  policy: SpeakPolicy,
  byId?: RosterFacts,
): Soon<Route> {
  return soon(core.facts.pair(app.no, speaker.who, to), (pair) => {
    const conversation = byId?.conversation ?? pair.conversation;
    // Who has a conversation with somebody is there: the end of a user ends his conversations.
    return soon(conversation ? undefined : assertThere(core, app, to, policy), () => {
      assertMaySpeak({ kind: 'pair', speaker, person, to, pair, nowMs: core.clock.now() }, policy);
      return {
        conversation: conversation?.no ?? null,
        place: { kind: 'direct', id: conversation?.id ?? null, to },
        topics: [userTopic(app.no, to), userTopic(app.no, speaker.who)],
        flags: pair.friends ? messageFlags.betweenFriends : 0,
        keeps: true,
        // Said by the conversation's id it does not become pair talk.
        pair: byId ? { ...pair, pairTalk: true } : pair,
      };
    });
  });
}

async function assertThere(
  core: Pick<Core, 'facts'>,
  app: App,
  to: PrincipalKey,
  { sender }: SpeakPolicy,
): Promise<void> {
  if ((await core.facts.person(app.no, to)) !== undefined) return;
  // A door that takes any form of id has looked them up itself.
  if (sender === 'session') assertPlainId(bareId(to), 'to.id');
  throw new ImError(isPassenger(to) ? 'passenger-not-found' : 'user-not-found', 'there is nobody of that id', {
    purpose: 'send',
  });
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
