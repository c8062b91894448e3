// A message and what becomes of it, carried to the other apps that show the same talk: after it was stored where it was
// said, before its sender hears so. A retry carries it again, and finds what is there.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { announceChange } from '../messages/announce.ts';
import {
  type Append,
  type Changed,
  type Content,
  type Draft,
  type Message,
  messageFlags,
  type PushJob,
} from '../messages/message.ts';
import type { Route } from '../messages/route.ts';
import type { Speaker, SpeakPolicy } from '../messages/speak.ts';
import { allowedWords } from '../words/allowed-words.ts';
import { nameElsewhere } from './name.ts';
import { copyOf, copyRef, type Way, waysBack, waysFrom } from './ways.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'words' | 'hooks' | 'clock'>;

/** Stores and announces a message in every other app that shows its talk. */
export type Carry = (message: Message) => Promise<void>;
type JobOf = (app: App, route: Route, draft: Draft) => PushJob | undefined;

/** Before a message is stored: undefined where it goes nowhere else. Throws what speaks against it in the other apps. */
export async function planCarry(
  core: Ports,
  app: App,
  speaker: Speaker,
  route: Route,
  draft: Draft,
  policy: SpeakPolicy,
  jobOf: JobOf,
): Promise<Carry | undefined> {
  const ways = await waysFrom(core, app, speaker, route, policy);
  if (ways.length === 0) return undefined;
  const loads: { way: Way; content: Content }[] = [];
  for (const way of ways) loads.push({ way, content: await allowedWords(core, way.app, draft.content, policy.obey) });
  return async (message) => {
    for (const { way, content } of loads) await carry(core, app, way, message, { ...draft, content }, jobOf);
  };
}

async function carry(core: Ports, app: App, way: Way, message: Message, draft: Draft, jobOf: JobOf): Promise<void> {
  const { speaker, route } = way;
  const { content, push, priority, flags = 0 } = draft;
  const append: Append = {
    app: way.app.no,
    conversation: route.conversation,
    sender: speaker.who,
    as: speaker.as,
    content,
    original: content === message.content ? message.original : undefined,
    flags: route.flags | flags,
    mentions: await mentionsThere(core, app, way.app, draft.mentions),
    // A message that is kept nowhere has no number to be known by.
    ref: message.no > 0 ? copyRef(app, message) : undefined,
    job: jobOf(way.app, route, draft),
  };
  const kept = route.keeps && (flags & messageFlags.onlineOnly) === 0;
  const { ts, no, prev, fresh } = kept ? await core.store.messages.append(append) : core.facts.loose(append);
  if (!fresh) return;
  const { app: number, ref: _ref, job: _job, ...said } = append;
  const event = { type: 'message', app: number, message: { ...said, ts, sub: 0, no }, place: route.place } as const;
  core.bus.publish({ ...event, prev, echo: 'all', priority, push }, route.topics);
}

async function mentionsThere(
  core: Ports,
  app: App,
  there: App,
  mentions: Draft['mentions'],
): Promise<Draft['mentions']> {
  if (!mentions) return undefined;
  const who = [];
  for (const one of mentions.who) who.push(await nameElsewhere(core, app, one, there));
  return { all: mentions.all, who };
}

/** What its sender took back is taken back everywhere. */
export async function carryRecall(
  core: Omit<Ports, 'words'>,
  app: App,
  route: Pick<Route, 'place'>,
  message: Message,
): Promise<void> {
  for (const way of await waysBack(core, app, message, route)) {
    const copy = await copyOf(core, app, message, way);
    if (!copy) continue;
    const rule = { by: null, again: 'ok' } as const;
    const changed = await core.store.messages.recall(way.app.no, copy.conversation, copy.ts, rule);
    announceChange(core, way.app, 'message-recalled', way.route, changed, undefined);
  }
}

/** What was edited is edited everywhere; words that another app does not allow are starred there. */
export async function carryEdit(
  core: Ports,
  app: App,
  route: Pick<Route, 'place'>,
  { message }: Pick<Changed, 'message'>,
  { words }: Pick<SpeakPolicy['obey'], 'words'>,
): Promise<void> {
  for (const way of await waysBack(core, app, message, route)) {
    const copy = await copyOf(core, app, message, way);
    if (!copy) continue;
    const content = await allowedWords(core, way.app, message.content, { words: words === 'off' ? 'off' : 'star' });
    const original = content === message.content ? message.original : undefined;
    const edit = { by: null, content, original };
    const changed = await core.store.messages.edit(way.app.no, copy.conversation, copy.ts, edit);
    announceChange(core, way.app, 'message-edited', way.route, changed, undefined);
  }
}
