// The one way in for a live message: find the conversation, check that the speaker may speak, store, announce.
// Stored first, announced second: who hears of a message can always find it again.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { starOut } from '../words/star-out.ts';
import type { Append, Content, Draft, Message } from './message.ts';
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
  const route = await findRoute(core, app, speaker, target, policy);
  const conversation = await openRoute(core, app, speaker.who, route);
  const content = await allowedWords(core, app, draft.content, policy);
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
  };
  return { done: finish(core, append, route, origin) };
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
  { words }: Pick<SpeakPolicy, 'words'>,
): Promise<Content> => (words === 'star' && app.settings['maxleap.censor'] ? starOut(core, app, content) : content);

async function finish(core: Ports, append: Append, route: Route, origin: Origin | undefined): Promise<Sent> {
  const { ts, no, prev, fresh } = route.keeps ? await core.store.messages.append(append) : core.facts.loose(append);
  const { app, ref, ...said } = append;
  const message: Message = { ...said, ts, sub: 0, no };
  if (fresh) core.bus.publish({ type: 'message', app, message, place: route.place, prev, ref, origin }, route.topics);
  return { message, prev, fresh };
}
