// Receipts for what a client said while it was away: made from how far the others are, so nothing is kept for them.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { messageFlags } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import type { Command } from '../socket/frames.ts';

/** Newest talks that are looked at, and newest own messages of each. */
const talksMax = 100;
const ownMax = 50;
/** Where more talk nobody gets receipts. */
const membersMax = 2;

type Ports = Pick<Core, 'store'>;

/** Those that came later than `after`: for each talk the newest message that arrived, and the newest that was read. */
export async function receiptsSince(core: Ports, app: App, who: string, after: number): Promise<Command[]> {
  const { conversations } = await core.store.conversations.scan(
    app.no,
    { kinds: ['direct', 'group', 'temporary'], member: who },
    { order: 'talked', newestFirst: true, limit: talksMax },
  );
  const few = conversations.filter(({ memberCount, lastTs }) => memberCount <= membersMax && lastTs > 0);
  const found: Command[] = [];
  for (const conversation of few) found.push(...(await ofTalk(core, app, conversation, who, after)));
  return found.sort((a, b) => (a.serverTs ?? 0) - (b.serverTs ?? 0));
}

async function ofTalk(
  { store }: Ports,
  app: App,
  { no, id: cid }: Conversation,
  who: string,
  after: number,
): Promise<Command[]> {
  const other = (await store.marks.of(app.no, no)).find((one) => one.who !== who);
  if (!other) return [];
  const { who: from, deliveredTs, deliveredAt, ts: readTs, readAt } = other;
  const moves = [
    { ts: deliveredTs, t: deliveredAt, words: {} },
    { ts: readTs, t: readAt, words: { read: true } },
  ].filter(({ t }) => t > after);
  const commands: Command[] = [];
  for (const { ts, t, words } of moves) {
    const range = { before: { ts, closed: true }, from: 'newest' } as const;
    const own = await store.messages.page(app.no, no, range, ownMax, { sender: who });
    const newest = own.findLast(({ flags }) => (flags & messageFlags.receipt) !== 0);
    if (!newest) continue;
    const rcpMessage = { id: midOf(app, newest), cid, t, from, ...words };
    commands.push({ cmd: 'rcp', serverTs: t, notificationType: 2, rcpMessage });
  }
  return commands;
}
