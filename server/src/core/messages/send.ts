// The one way in for a live message: find the conversation, check that the speaker may speak, store, announce.
// Stored first, announced second: who hears of a message can always find it again.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Origin } from '../events.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import type { PushJob } from '../push/outbox.ts';
import { wantsPush } from '../push/wanted.ts';
import { starOut } from '../words/star-out.ts';
import { type Append, type Content, type Draft, type Message, messageFlags } from './message.ts';
import { findRoute, openRoute, type Route, type SendTarget } from './route.ts';
import type { Speaker, SpeakPolicy } from './speak.ts';

export type { SendTarget } from './route.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'words' | 'clock'>;

export type Sent = {
  readonly message: Message;
  /** The conversation's `ts` before this message; 0 where that is not known. */
  readonly prev: number;
  /** False: the reference was seen before, and `message.ts` is the first message's. */
  readonly fresh: boolean;
};

/**
 * Resolves when the message has its place in the store's queue; `done` when it is durable and announced. A door that
 * must keep the order of one speaker awaits this call before the next one, and so still shares commits.
 * Throws what findRoute throws; `done` what `append` throws.
 */
export async function stageMessage(
  core: Ports,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  draft: Draft,
  policy: SpeakPolicy,
  origin?: Origin,
): Promise<{ done: Promise<Sent> }> {
  await introduce(core, app, speaker, target, policy);
  const route = await openRoute(core, app, speaker.who, await findRoute(core, app, speaker, target, policy));
  const { conversation } = route;
  const content = await allowedWords(core, app, draft.content, policy.obey);
  const append: Append = {
    app: app.no,
    conversation,
    sender: speaker.who,
    as: speaker.as,
    content,
    // A starred text must not come back unstarred through the sender's own door.
    original: content === draft.content ? draft.original : undefined,
    flags: route.flags | (draft.flags ?? 0),
    mentions: draft.mentions,
    ref: draft.ref,
    job: pushJob(app, route, draft),
  };
  return { done: finish(core, append, draft, route, policy.echoToSender, origin) };
}

/** As stageMessage, for callers who have nothing else to say meanwhile. */
export async function sendMessage(...args: Parameters<typeof stageMessage>): Promise<Message> {
  return (await (await stageMessage(...args)).done).message;
}

/** What the app's sensitive words leave of a content; the same object where nothing was hit. */
export const allowedWords = async (
  core: Pick<Core, 'store' | 'words'>,
  app: App,
  content: Content,
  { words }: Pick<SpeakPolicy['obey'], 'words'>,
): Promise<Content> => {
  if (words === 'off') return content;
  const starred = await starOut(core, app, content);
  if (words === 'refuse' && starred !== content)
    throw new ImError('bad-words', 'the message holds a word that is not allowed', { purpose: 'send' });
  return starred;
};

/** Whoever is allowed to appear by being named is there from now on. */
async function introduce(
  core: Ports,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  policy: SpeakPolicy,
): Promise<void> {
  const people: PrincipalKey[] = [];
  if (policy.sender === 'ensure') people.push(speaker.who);
  if (policy.target === 'ensure' && (target.kind === 'direct' || target.kind === 'thread')) people.push(target.to);
  const missing: PrincipalKey[] = [];
  for (const who of people) if (!isPassenger(who) && !(await core.facts.person(app.no, who))) missing.push(who);
  if (missing.length > 0) await core.store.users.ensure(app.no, missing, core.clock.now());
}

/** Whom it concerns is found out later, by a worker: the sender waits for none of it. */
const pushJob = (app: App, { place, flags }: Route, { push, flags: own = 0 }: Draft): PushJob | undefined =>
  wantsPush(app.settings, place, flags | own, push) ? { place, push } : undefined;

async function finish(
  core: Ports,
  append: Append,
  { push, priority }: Draft,
  { place, topics, keeps }: Route,
  echo: SpeakPolicy['echoToSender'],
  origin: Origin | undefined,
): Promise<Sent> {
  const kept = keeps && (append.flags & messageFlags.onlineOnly) === 0;
  const { ts, no, prev, fresh } = kept ? await core.store.messages.append(append) : core.facts.loose(append);
  const { app, ref, job: _, ...said } = append;
  const message: Message = { ...said, ts, sub: 0, no };
  if (fresh)
    core.bus.publish({ type: 'message', app, message, place, prev, ref, echo, priority, push, origin }, topics);
  return { message, prev, fresh };
}
