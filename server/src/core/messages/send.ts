// The one way in for a live message: find the conversation, check that the speaker may speak, store, announce.
// Stored first, announced second: who hears of a message can always find it again.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { MessagePlace, Origin } from '../events.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import { conversationTopic, type Topic, userTopic } from '../ports/bus.ts';
import { starOut } from '../words/star-out.ts';
import type { PairFacts } from './facts.ts';
import { type Append, type Draft, type Message, messageFlags } from './message.ts';
import { assertMaySpeakIn, assertMaySpeakToPair, type Speaker, type SpeakPolicy } from './speak.ts';

export type SendTarget =
  | { readonly kind: 'direct'; readonly to: PrincipalKey }
  | { readonly kind: 'group' | 'room'; readonly id: string };

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'words' | 'clock'>;

/** Where a message goes, once everything has been looked up and allowed. */
type Route = { readonly conversation: number; readonly place: MessagePlace; readonly topics: readonly Topic[]; readonly flags: number; readonly keeps: boolean };

/**
 * Resolves when the message has its place in the store's queue; `done` when it is durable and announced. A door that
 * must keep the order of one speaker awaits this call before the next one, and so still shares commits.
 * Throws the ImErrors of speak.ts, `user-not-found`, `passenger-not-found`, `conversation-not-found`; `done` those of `append`.
 */
export async function stageMessage(
  core: Ports,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  draft: Draft,
  policy: SpeakPolicy,
  origin?: Origin,
): Promise<{ done: Promise<Message> }> {
  const route = target.kind === 'direct' ? await routeToPair(core, app, speaker, target.to, policy) : await routeToGroup(core, app, speaker, target, policy);
  const content = policy.words === 'star' && app.settings['maxleap.censor'] ? await starOut(core, app, draft.content) : draft.content;
  const append: Append = {
    app: app.no,
    conversation: route.conversation,
    sender: speaker.who,
    as: speaker.as,
    content,
    // A starred text must not come back unstarred through the sender's own door.
    original: content === draft.content ? draft.original : undefined,
    flags: route.flags | (draft.flags ?? 0),
    mentions: draft.mentions,
    ref: draft.ref,
  };
  return { done: finish(core, append, route, origin) };
}

/** As stageMessage, for callers who have nothing else to say meanwhile. */
export async function sendMessage(...args: Parameters<typeof stageMessage>): Promise<Message> {
  return (await stageMessage(...args)).done;
}

async function finish(core: Ports, append: Append, route: Route, origin: Origin | undefined): Promise<Message> {
  const stored = route.keeps ? await core.store.messages.append(append) : { ts: nextLooseTs(core.clock.now()), no: 0, prev: 0, fresh: true };
  const { app, ref: _, ...said } = append;
  const message: Message = { ...said, ts: stored.ts, sub: 0, no: stored.no };
  if (stored.fresh) core.bus.publish({ type: 'message', app, message, place: route.place, prev: stored.prev, origin }, route.topics);
  return message;
}

async function routeToPair(core: Ports, app: App, speaker: Speaker, to: PrincipalKey, policy: SpeakPolicy): Promise<Route> {
  if (!(await core.facts.exists(app.no, to))) {
    throw new ImError(isPassenger(to) ? 'passenger-not-found' : 'user-not-found', 'there is nobody of that id', { purpose: 'send' });
  }
  const pair = await core.facts.pair(app.no, speaker.who, to);
  assertMaySpeakToPair(speaker, to, pair, policy);
  return {
    conversation: await openPair(core, app, speaker.who, to, pair),
    place: { kind: 'direct', to },
    topics: [userTopic(app.no, to), userTopic(app.no, speaker.who)],
    flags: pair.friends ? messageFlags.betweenFriends : 0,
    keeps: true,
  };
}

/** The pair's conversation, made before their first message; the first message between strangers also records that they met. */
async function openPair(core: Ports, app: App, from: PrincipalKey, to: PrincipalKey, pair: PairFacts): Promise<number> {
  const people = !isPassenger(from) && !isPassenger(to);
  const meets = people && !pair.friends && !pair.strangersRecorded;
  if (pair.conversation !== null && !meets) return pair.conversation;
  const now = core.clock.now();
  const { no } = await core.store.conversations.claimPair(app.no, from, to, now);
  if (meets) await core.store.friends.recordStrangers(app.no, from, to, no, now);
  core.facts.forgetPair(app.no, from, to);
  return no;
}

async function routeToGroup(core: Ports, app: App, speaker: Speaker, target: { kind: 'group' | 'room'; id: string }, policy: SpeakPolicy): Promise<Route> {
  const facts = await core.facts.group(app.no, target.id);
  if (!facts || facts.conversation.kind !== target.kind) {
    throw new ImError('conversation-not-found', `there is no such ${target.kind}`, { purpose: 'send', kind: target.kind });
  }
  assertMaySpeakIn(speaker, facts, policy);
  const { no, id, keeps } = facts.conversation;
  return { conversation: no, place: { kind: target.kind, id }, topics: [conversationTopic(app.no, no)], flags: 0, keeps };
}

let looseTs = 0;

/** Talk that is not stored is ordered per node, and never paged. */
function nextLooseTs(now: number): number {
  looseTs = Math.max(now, looseTs + 1);
  return looseTs;
}
