// Taking messages away: one or all of a conversation for everybody, or from one reader's eyes. A row whose message was
// taken away stays as a bare mark, so that a late retry of its reference does not bring it back.
import { ImError } from '../../core/errors.ts';
import type { MessageWrites } from '../../core/messages/message.ts';
import { notFound } from './conversations.ts';
import type { SliceWrites } from './slice.ts';

type Writes = SliceWrites<MessageWrites>;

const bare = "kind = 'removed', content = '{}', original = null, mentions = null, push = null, edited_ts = null";

export const remove: Writes['remove'] = async (tx, app, conversation, ts, sub = 0) => {
  const head = await tx.one<{ last_ts: number; cleared_ts: number }>(
    'update heads set ts = ts where app = ? and no = ? returning last_ts, cleared_ts',
    app,
    conversation,
  );
  if (!head) throw notFound();
  const rows = await tx.run(
    `update messages set ${bare} where app = ? and conv = ? and ts = ? and sub = ? and kind <> 'removed'`,
    app,
    conversation,
    ts,
    sub,
  );
  if (rows === 0) throw new ImError('message-not-found', 'there is no such message');
  if (ts !== head.last_ts) return;
  const newest = await tx.one<{ ts: number }>(
    `select ts from messages where app = ? and conv = ? and ts > ? and kind <> 'removed' order by ts desc limit 1`,
    app,
    conversation,
    head.cleared_ts,
  );
  await tx.run('update heads set last_ts = ? where app = ? and no = ?', newest?.ts ?? 0, app, conversation);
};

export const hideOne: Writes['hideOne'] = async (tx, app, conversation, who, ts) => {
  const there = await tx.one(
    "select no from messages where app = ? and conv = ? and ts = ? and kind <> 'removed'",
    app,
    conversation,
    ts,
  );
  if (!there) throw new ImError('message-not-found', 'there is no such message');
  await tx.run(
    'insert into hides (app, conv, who, ts) values (?, ?, ?, ?) on conflict do nothing',
    app,
    conversation,
    who,
    ts,
  );
};

export const hide: Writes['hide'] = async (tx, app, conversation, who, ts) => {
  await tx.run(
    `insert into marks (app, who, conv, hidden_ts) values (?, ?, ?, ?) on conflict (app, who, conv) do update
     set hidden_ts = case when marks.hidden_ts < excluded.hidden_ts then excluded.hidden_ts else marks.hidden_ts end`,
    app,
    who,
    conversation,
    ts,
  );
};

export const clear: Writes['clear'] = async (tx, app, conversation, upTo, rows) => {
  const head = await tx.one<{ cleared_ts: number; last_ts: number }>(
    'update heads set ts = ts where app = ? and no = ? returning cleared_ts, last_ts',
    app,
    conversation,
  );
  if (!head) return { done: true };
  const going = await tx.all<{ ts: number }>(
    'select ts from messages where app = ? and conv = ? and ts > ? and ts <= ? order by ts, sub limit ?',
    app,
    conversation,
    head.cleared_ts,
    upTo,
    rows,
  );
  const last = going.at(-1)?.ts ?? head.cleared_ts;
  if (going.length > 0) {
    await tx.run(
      `update messages set ${bare} where app = ? and conv = ? and ts > ? and ts <= ?`,
      app,
      conversation,
      head.cleared_ts,
      last,
    );
  }
  await tx.run(
    'update heads set cleared_ts = ?, last_ts = case when last_ts <= ? then 0 else last_ts end where app = ? and no = ?',
    last,
    last,
    app,
    conversation,
  );
  return { done: going.length < rows };
};
