// Where somebody's word goes: to a pair or to a gathering, found and allowed. Whatever is done in a conversation (said,
// changed, read, typed) goes this way.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { MessagePlace } from '../events.ts';
import { assertPlainId, bareId, isPassenger, type PrincipalKey } from '../ids.ts';
import { conversationTopic, type Topic, userTopic } from '../ports/bus.ts';
import type { PairFacts } from './facts.ts';
import { messageFlags } from './message.ts';
import { assertMaySpeakIn, assertMaySpeakToPair, type Speaker, type SpeakPolicy } from './speak.ts';

export type SendTarget =
  | { readonly kind: 'direct'; readonly to: PrincipalKey }
  | { readonly kind: 'group' | 'room'; readonly id: string };

/** Where it goes, once everything has been looked up and allowed. */
export type Route = {
  /** Number; null for two who have none yet. */
  readonly conversation: number | null;
  readonly place: MessagePlace;
  readonly topics: readonly Topic[];
  /** Of a message that is said here now. */
  readonly flags: number;
  readonly keeps: boolean;
  /** Of direct talk. */
  readonly pair?: PairFacts;
};

/** What is asked of those who change or read what was said: to stand where it was said. */
export const standing: SpeakPolicy = { friendship: 'recorded', standing: 'member', words: 'off' };

/** Where something was said already. Throws `message-not-found` for two who never talked. */
export function spokenIn({ conversation }: Route): number {
  if (conversation === null) throw new ImError('message-not-found', 'there is no such message');
  return conversation;
}

/** Throws the ImErrors of speak.ts, `user-not-found`, `passenger-not-found`, `conversation-not-found`. */
export function findRoute(
  core: Pick<Core, 'facts'>,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  policy: SpeakPolicy,
): Promise<Route> {
  return target.kind === 'direct'
    ? routeToPair(core, app, speaker, target.to, policy)
    : routeToGroup(core, app, speaker, target, policy);
}

/**
 * The route's conversation, made before a pair's first message; the first message between strangers also records that
 * they met.
 */
export async function openRoute(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  app: App,
  from: PrincipalKey,
  { conversation, place, pair }: Route,
): Promise<number> {
  if (place.kind !== 'direct' || !pair) return conversation as number;
  const { to } = place;
  const people = !isPassenger(from) && !isPassenger(to);
  const meets = people && !pair.friends && !pair.strangersRecorded;
  if (conversation !== null && !meets) return conversation;
  const now = core.clock.now();
  const { no } = await core.store.conversations.claimPair(app.no, from, to, now);
  if (meets) await core.store.friends.recordStrangers(app.no, from, to, no, now);
  core.facts.forgetPair(app.no, from, to);
  return no;
}

async function routeToPair(
  core: Pick<Core, 'facts'>,
  app: App,
  speaker: Speaker,
  to: PrincipalKey,
  policy: SpeakPolicy,
): Promise<Route> {
  if (!(await core.facts.exists(app.no, to))) {
    assertPlainId(bareId(to), 'to.id');
    throw new ImError(isPassenger(to) ? 'passenger-not-found' : 'user-not-found', 'there is nobody of that id', {
      purpose: 'send',
    });
  }
  const pair = await core.facts.pair(app.no, speaker.who, to);
  assertMaySpeakToPair(speaker, to, pair, policy);
  return {
    conversation: pair.conversation,
    place: { kind: 'direct', to },
    topics: [userTopic(app.no, to), userTopic(app.no, speaker.who)],
    flags: pair.friends ? messageFlags.betweenFriends : 0,
    keeps: true,
    pair,
  };
}

async function routeToGroup(
  core: Pick<Core, 'facts'>,
  app: App,
  speaker: Speaker,
  target: { kind: 'group' | 'room'; id: string },
  policy: SpeakPolicy,
): Promise<Route> {
  const facts = await core.facts.group(app.no, target.id);
  if (!facts || facts.conversation.kind !== target.kind) {
    throw new ImError('conversation-not-found', `there is no such ${target.kind}`, {
      purpose: 'send',
      kind: target.kind,
    });
  }
  assertMaySpeakIn(speaker, facts, policy);
  const { no, id, keeps } = facts.conversation;
  return {
    conversation: no,
    place: { kind: target.kind, id },
    topics: [conversationTopic(app.no, no)],
    flags: 0,
    keeps,
  };
}
