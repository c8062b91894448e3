// What becomes of a message after it was said: edited, or taken back. Its row and its place stay.
import { ImError } from '../../core/errors.ts';
import type { Changed, Content, MessageWrites } from '../../core/messages/message.ts';
import { notFound } from './conversations.ts';
import type { Tx } from './db.ts';
import { columns, type MessageRow, senderColumn, toMessage } from './message-row.ts';
import type { SliceWrites } from './slice.ts';

type Writes = SliceWrites<MessageWrites>;

/** Takes the conversation's head, so that two changes of one message come one after the other, and finds the message. */
async function openMessage(
  tx: Tx,
  app: number,
  conversation: number,
  ts: number,
  by: string | null,
): Promise<{ row: MessageRow; headTs: number }> {
  const head = await tx.one<{ ts: number }>(
    'update heads set ts = ts where app = ? and no = ? returning ts',
    app,
    conversation,
  );
  if (!head) throw notFound();
  const row = await tx.one<MessageRow>(
    `select ${columns} from messages m where m.app = ? and m.conv = ? and m.ts = ? and m.sub = 0 and m.kind <> 'removed'`,
    app,
    conversation,
    ts,
  );
  if (!row) throw new ImError('message-not-found', 'there is no such message');
  if (by !== null && row.sender !== senderColumn(by))
    throw new ImError('not-the-sender', 'only its sender may change a message');
  return { row, headTs: head.ts };
}

const isRecalled = (row: MessageRow): boolean => (JSON.parse(row.content) as Content).type === 'recalled';
const alreadyRecalled = () => new ImError('already-recalled', 'the message was recalled');

/** Gives the change its place in the conversation's order and writes the row anew. */
async function put(tx: Tx, app: number, row: MessageRow, headTs: number): Promise<Changed> {
  const editedTs = Math.max(tx.now, headTs + 1);
  await tx.run('update heads set prev_ts = ts, ts = ? where app = ? and no = ?', editedTs, app, row.conv);
  const { type } = JSON.parse(row.content) as Content;
  await tx.run(
    'update messages set kind = ?, content = ?, original = ?, mentions = ?, push = null, edited_ts = ? where app = ? and conv = ? and ts = ? and sub = ?',
    type,
    row.content,
    row.original,
    row.mentions,
    editedTs,
    app,
    row.conv,
    row.ts,
    row.sub,
  );
  return { message: toMessage({ ...row, edited_ts: editedTs }), prev: headTs, fresh: true };
}

export const edit: Writes['edit'] = async (tx, app, conversation, ts, { by, content, original, mentions }) => {
  const { row, headTs } = await openMessage(tx, app, conversation, ts, by);
  if (isRecalled(row)) throw alreadyRecalled();
  const words = {
    content: JSON.stringify(content),
    original: original ? JSON.stringify(original) : null,
    mentions: mentions ? JSON.stringify(mentions) : null,
  };
  return put(tx, app, { ...row, ...words }, headTs);
};

export const recall: Writes['recall'] = async (tx, app, conversation, ts, { by, withinMs, again }) => {
  const { row, headTs } = await openMessage(tx, app, conversation, ts, by);
  if (isRecalled(row)) {
    if (again === 'error') throw alreadyRecalled();
    return { message: toMessage(row), prev: headTs, fresh: false };
  }
  if (withinMs !== undefined && tx.now - row.ts > withinMs)
    throw new ImError('too-late', 'the message can no longer be recalled', { max: withinMs });
  const content: Content = { type: 'recalled' };
  return put(tx, app, { ...row, content: JSON.stringify(content), original: null, mentions: null }, headTs);
};
