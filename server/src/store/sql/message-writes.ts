// Writing history: append, and the ways in which messages go.
import { hash } from 'node:crypto';
import { ImError } from '../../core/errors.ts';
import type { Append, MessageWrites } from '../../core/messages/message.ts';
import { notFound } from './conversations.ts';
import { list, pieces, unique } from './db.ts';
import { edit, recall } from './message-changes.ts';
import { clear, hide, hideOne, remove } from './message-removals.ts';
import { senderColumn } from './message-row.ts';
import { putJob } from './outbox.ts';
import type { SliceWrites } from './slice.ts';

/** Tells a retry from other content under the same reference. Flags are left out: friendship may change in between. */
const digest = (content: string, original: string | null): string =>
  hash('sha256', `${content}\0${original ?? ''}`, 'base64url').slice(0, 22);

const moveHead = `update heads set prev_ts = ts, ts = case when ts < ? then ? else ts + 1 end,
  last_ts = case when ts < ? then ? else ts + 1 end where app = ? and no = ? returning ts, prev_ts`;

const insert = `insert into messages (no, app, conv, ts, sub, sender, sender_kind, kind, content, original, flags, mentions, ref, digest)
  values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The columns that a draft fills by itself. */
export type NewRow = {
  readonly app: number;
  readonly conv: number;
  readonly sender: string;
  readonly sender_kind: string;
  readonly kind: string;
  readonly content: string;
  readonly original: string | null;
  readonly flags: number;
  readonly mentions: string | null;
  readonly ref: string | null;
  readonly digest: string | null;
};

export function newRow(draft: Append): NewRow {
  const content = JSON.stringify(draft.content);
  const original = draft.original ? JSON.stringify(draft.original) : null;
  return {
    app: draft.app,
    conv: draft.conversation,
    sender: senderColumn(draft.sender),
    sender_kind: draft.as,
    kind: draft.content.type,
    content,
    original,
    flags: draft.flags,
    mentions: draft.mentions ? JSON.stringify(draft.mentions) : null,
    ref: draft.ref ?? null,
    digest: draft.ref === undefined ? null : digest(content, original),
  };
}

export const usedReference = () =>
  new ImError('conflict', 'this reference was used for another message', { what: 'reference' });

type Known = { ts: number; no: number; digest: string | null };

export const messageWrites: SliceWrites<MessageWrites> = {
  // Refuses before it writes: it has no savepoint of its own in a shared commit.
  // PostgreSQL has a function of its own for many at once (store/postgres/append-function.ts), with the same answers.
  async append(tx, draft: Append) {
    const { app, conversation } = draft;
    const row = newRow(draft);
    if (row.ref !== null) {
      const known = await tx.one<Known>(
        'select ts, no, digest from messages where app = ? and conv = ? and sender = ? and ref = ?',
        app,
        conversation,
        row.sender,
        row.ref,
      );
      if (known && known.digest !== row.digest) throw usedReference();
      if (known) {
        const head = await tx.one('select no from heads where app = ? and no = ?', app, conversation);
        if (!head) throw notFound();
        return { ts: known.ts, no: known.no, prev: 0, fresh: false };
      }
    }
    const head = await tx.one<{ ts: number; prev_ts: number }>(
      moveHead,
      tx.now,
      tx.now,
      tx.now,
      tx.now,
      app,
      conversation,
    );
    if (!head) throw notFound();
    const no = await tx.nextNo('messages');
    await tx.run(
      insert,
      no,
      app,
      conversation,
      head.ts,
      row.sender,
      row.sender_kind,
      row.kind,
      row.content,
      row.original,
      row.flags,
      row.mentions,
      row.ref,
      row.digest,
    );
    if (draft.job)
      await putJob(tx, app, { ...draft.job, type: 'message', conversation, ts: head.ts, sender: draft.sender });
    return { ts: head.ts, no, prev: head.prev_ts, fresh: true };
  },

  edit,
  recall,

  remove,
  hide,
  hideOne,
  clear,

  async expire(tx, app, before, rows) {
    const gone = await tx.all<{ conv: number; ts: number }>(
      'delete from messages where no in (select no from messages where app = ? and ts < ? order by ts limit ?) returning conv, ts',
      app,
      before,
      rows,
    );
    if (gone.length < rows) await tx.run('delete from hides where app = ? and ts < ?', app, before);
    // They went in the order of their times: what is older than the newest of them is gone, and of its own time what went.
    const edge = Math.max(0, ...gone.map(({ ts }) => ts));
    for (const piece of pieces(unique(gone.map(({ conv }) => conv)))) {
      const all = list(piece);
      const last = list([0, ...gone.flatMap(({ conv, ts }) => (ts === edge ? [conv] : []))]);
      await tx.run(
        `update heads set last_ts = 0 where app = ? and no in ${all.sql} and (last_ts < ? or (last_ts = ? and no in ${last.sql}))`,
        app,
        ...all.values,
        edge,
        edge,
        ...last.values,
      );
    }
    return { done: gone.length < rows, removed: gone.length };
  },
};
