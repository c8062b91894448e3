// What a client is told when it comes: changes that it missed, then what is unread, or on the older protocol what was not
// delivered, then what services told everybody. All is read after the session listens, so that nothing falls between.
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import type { Message } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { broadcastsFor } from '../../../core/services/broadcast.ts';
import { convTypes } from '../rows.ts';
import type { Live } from './client.ts';
import { broadcastCommand, broadcastPlace, patchOf, wordsOf } from './encode.ts';
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
const movedMax = 500;
const offlineMax = 100;

export async function catchUp(
  core: Ports,
  app: App,
  { who, bits: known }: Pick<Live, 'who' | 'bits'>,
  since: { readonly patches: number | undefined; readonly unread: number | undefined; readonly revision: 1 | 3 },
): Promise<CaughtUp> {
  const temporaries = (known & bits.temporaries) !== 0;
  const talks = await unreadTalks(core, app, who, temporaries);
  const patches =
    since.patches === undefined || (known & bits.patches) === 0
      ? []
      : await missedPatches(core, app, who, { after: since.patches, temporaries });
  const rest =
    since.revision === 3 ? await counts(core, app, { who, talks }, since.unread) : await offline(core, app, who, talks);
  const told = await missedBroadcasts(core, app, who);
  return { commands: [...patches, ...rest.commands, ...told.commands], shown: [...rest.shown, ...told.shown] };
}

/** Newest state per message, in the order of change. Only conversations where something happened since are looked at. */
async function missedPatches(
  { store }: Ports,
  app: App,
  who: string,
  { after, temporaries }: { readonly after: number; readonly temporaries: boolean },
): Promise<Command[]> {
  const moved = await store.conversations.movedSince(app.no, who, after, movedMax);
  const [keys, services] = await Promise.all([
    store.conversations.keys(app.no, moved),
    store.services.ofThreads(app.no, moved),
  ]);
  const found: { message: Message; cid: string }[] = [];
  for (const [n, no] of moved.entries()) {
    const key = services[n] ?? keys[n];
    if (!key || key.kind === 'thread' || (key.kind === 'temporary' && !temporaries)) continue;
    const changes = await store.messages.changes(app.no, no, { after }, patchesMax, { recalled: true, reader: who });
    found.push(...changes.map((message) => ({ message, cid: key.id })));
  }
  found.sort((a, b) => (a.message.editedTs ?? 0) - (b.message.editedTs ?? 0));
  const patches = found.slice(-patchesMax).map(({ message, cid }) => patchOf(message, cid, app));
  return patches.length === 0 ? [] : [{ cmd: 'patch', op: 'modify', patchMessage: { patches } }];
}

/** With a time, what came or was read since, on whatever device, and where what was unread is no more. */
async function counts(
  core: Ports,
  app: App,
  { who, talks }: { readonly who: string; readonly talks: readonly UnreadTalk[] },
  after: number | undefined,
): Promise<CaughtUp> {
  const told: UnreadTalk[] = [];
  for (const talk of talks) {
    if (told.length >= toldMax) break;
    if (after === undefined ? talk.count > 0 : await hasChanged(core, app, talk, after)) told.push(talk);
  }
  if (told.length === 0) return { commands: [], shown: [] };
  const notifTime = core.clock.now();
  const { tuples, newest } = await unreadTuples(core, app, who, told);
  return {
    commands: [{ cmd: 'unread', unreadMessage: { convs: tuples, notifTime } }],
    shown: newest.map(({ conversation, ts }) => [conversation, ts] as const),
  };
}

async function hasChanged({ store }: Ports, app: App, { parts, count }: UnreadTalk, after: number): Promise<boolean> {
  for (const { conversation, readAt, headTs } of parts) {
    if (readAt > after) return true;
    if (headTs <= after) continue;
    if (count > 0) return true;
    // The only message that was unread may have been taken back.
    if ((await store.messages.changes(app.no, conversation, { after }, 1)).length > 0) return true;
  }
  return false;
}

async function missedBroadcasts(core: Ports, app: App, who: string): Promise<CaughtUp> {
  const broadcasts = await broadcastsFor(core, app, who);
  const services = await core.store.conversations.keys(
    app.no,
    broadcasts.map(({ conversation }) => conversation),
  );
  const commands = broadcasts.flatMap((broadcast, n) => {
    const service = services[n];
    return service ? [broadcastCommand(service.id, broadcast, app)] : [];
  });
  const shown = broadcasts.map(broadcastPlace).map(({ conversation, ts }) => [conversation, ts] as const);
  return { commands, shown };
}

async function offline({ store }: Ports, app: App, who: string, talks: readonly UnreadTalk[]): Promise<CaughtUp> {
  const waiting = talks.filter(({ count }) => count > 0).slice(0, toldMax);
  const parts = waiting.flatMap((talk) =>
    talk.parts.filter(({ count }) => count > 0).map((part) => ({ talk, ...part })),
  );
  const marks = await store.marks.deliveredTs(
    app.no,
    who,
    parts.map(({ conversation }) => conversation),
  );
  const commands: Command[] = [];
  const shown: [number, number][] = [];
  for (const [n, { talk, conversation, readTs }] of parts.entries()) {
    const after = Math.max(marks[n] ?? 0, readTs);
    const page = await store.messages.page(app.no, conversation, { after, from: 'oldest' }, offlineMax + 1, {
      recalled: true,
      reader: who,
    });
    const others = page.slice(0, offlineMax).filter(({ sender }) => sender !== who);
    const hasMore = page.length > offlineMax;
    for (const message of others)
      commands.push({ cmd: 'direct', directMessage: offlineDirect(app, message, talk, hasMore) });
    const last = page.at(-1);
    if (last && !hasMore) shown.push([conversation, last.ts]);
  }
  return { commands, shown };
}

const offlineDirect = (app: App, message: Message, { cid, kind }: UnreadTalk, hasMore: boolean) => ({
  ...wordsOf(message),
  fromPeerId: message.sender ?? '',
  timestamp: message.ts,
  cid,
  id: midOf(app, message),
  convType: convTypes[kind],
  offline: true,
  ...(hasMore ? { hasMore } : {}),
});
