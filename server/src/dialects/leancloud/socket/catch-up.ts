// What a client is told when it comes: changes that it missed, then what is unread, or on the older protocol what was not
// delivered. Everything is read after the session listens, so that nothing falls between.
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import type { Message } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { convTypes } from '../rows.ts';
import type { Live } from './client.ts';
import { patchOf, wordsOf } from './encode.ts';
import type { Command } from './frames.ts';
import { bits } from './said.ts';
import { toldMax, type UnreadTalk, unreadTalks, unreadTuples } from './unread.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

export type CaughtUp = {
  readonly commands: readonly Command[];
  /** Up to which `ts` each conversation has been told of. */
  readonly shown: readonly (readonly [number, number])[];
};

const patchesMax = 100;
const talksMax = 200;
const offlineMax = 100;

export async function catchUp(
  core: Ports,
  app: App,
  { who, bits: known }: Pick<Live, 'who' | 'bits'>,
  since: { readonly patches: number | undefined; readonly unread: number | undefined; readonly revision: 1 | 3 },
): Promise<CaughtUp> {
  const talks = await unreadTalks(core, app, who, (known & bits.temporaries) !== 0);
  const patches =
    since.patches === undefined || (known & bits.patches) === 0
      ? []
      : await missedPatches(core, app, who, since.patches);
  const rest =
    since.revision === 3 ? await counts(core, app, talks, since.unread) : await offline(core, app, who, talks);
  return { commands: [...patches, ...rest.commands], shown: rest.shown };
}

/** Newest state per message, in the order of change. Only conversations that moved since are looked at. */
async function missedPatches({ store }: Ports, app: App, who: string, after: number): Promise<Command[]> {
  const talks = await store.conversations.talks(app.no, who, { limit: talksMax });
  const found: { message: Message; cid: string }[] = [];
  for (const { conversation, head } of talks) {
    if (head <= after) continue;
    const changes = await store.messages.changes(app.no, conversation.no, { after }, patchesMax);
    found.push(...changes.map((message) => ({ message, cid: conversation.id })));
    if (found.length >= patchesMax) break;
  }
  found.sort((a, b) => (a.message.editedTs ?? 0) - (b.message.editedTs ?? 0));
  const patches = found.slice(-patchesMax).map(({ message, cid }) => patchOf(message, cid, app));
  return patches.length === 0 ? [] : [{ cmd: 'patch', op: 'modify', patchMessage: { patches } }];
}

type Talk = UnreadTalk & { readonly readTs: number };

/** With a time, what came after it, and what may have been read since on another device. */
async function counts(core: Ports, app: App, talks: readonly Talk[], after: number | undefined): Promise<CaughtUp> {
  const told = talks
    .filter(({ count, conversation: { lastTs }, readTs }) =>
      after === undefined ? count > 0 : readTs > 0 || (count > 0 && lastTs > after),
    )
    .sort((a, b) => Number(b.count > 0) - Number(a.count > 0))
    .slice(0, toldMax);
  if (told.length === 0) return { commands: [], shown: [] };
  const notifTime = core.clock.now();
  const { tuples, newest } = await unreadTuples(core, app, told);
  return {
    commands: [{ cmd: 'unread', unreadMessage: { convs: tuples, notifTime } }],
    shown: newest.map(({ conversation, ts }) => [conversation, ts] as const),
  };
}

async function offline({ store }: Ports, app: App, who: string, talks: readonly Talk[]): Promise<CaughtUp> {
  const waiting = talks.filter(({ count }) => count > 0).slice(0, toldMax);
  const marks = await store.marks.deliveredTs(
    app.no,
    who,
    waiting.map(({ conversation }) => conversation.no),
  );
  const commands: Command[] = [];
  const shown: [number, number][] = [];
  for (const [n, { conversation, readTs }] of waiting.entries()) {
    const after = Math.max(marks[n] ?? 0, readTs);
    const page = await store.messages.page(app.no, conversation.no, { after, from: 'oldest' }, offlineMax + 1, {
      recalled: true,
    });
    const others = page.slice(0, offlineMax).filter(({ sender }) => sender !== who);
    const hasMore = page.length > offlineMax;
    for (const message of others)
      commands.push({ cmd: 'direct', directMessage: offlineDirect(app, message, conversation, hasMore) });
    const last = page.at(-1);
    if (last && !hasMore) shown.push([conversation.no, last.ts]);
  }
  return { commands, shown };
}

const offlineDirect = (app: App, message: Message, { id, kind }: Talk['conversation'], hasMore: boolean) => ({
  ...wordsOf(message),
  fromPeerId: message.sender ?? '',
  timestamp: message.ts,
  cid: id,
  id: midOf(app, message),
  convType: convTypes[kind],
  offline: true,
  ...(hasMore ? { hasMore } : {}),
});
