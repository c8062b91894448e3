// Writing history: append, and the ways in which messages go.
import { createHash } from 'node:crypto';
import { ImError } from '../../core/errors.ts';
import type { Append, MessageWrites } from '../../core/messages/message.ts';
import { notFound } from './conversations.ts';
import { edit, recall } from './message-changes.ts';
import { clear, hide, remove } from './message-removals.ts';
import { senderColumn } from './message-row.ts';
import { putJob } from './outbox.ts';
import type { SliceWrites } from './slice.ts';

/** Tells a retry from other content under the same reference. Flags are left out: friendship may change in between. */
const digest = (content: string, original: string | null): string =>
  createHash('sha256')
    .update(content)
    .update('\0')
    .update(original ?? '')
    .digest('base64url')
    .slice(0, 22);

const moveHead = `update heads set prev_ts = ts, ts = case when ts < ? then ? else ts + 1 end,
  last_ts = case when ts < ? then ? else ts + 1 end where app = ? and no = ? returning ts, prev_ts`;

const insert = `insert into messages (no, app, conv, ts, sub, sender, sender_kind, kind, content, original, flags, mentions, ref, digest)
  values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

type Known = { ts: number; no: number; digest: string | null };

export const messageWrites: SliceWrites<MessageWrites> = {
  // Refuses before it writes: it has no savepoint of its own in a shared commit.
  async append(tx, draft: Append) {
    const { app, conversation, ref } = draft;
    const sender = senderColumn(draft.sender);
    const content = JSON.stringify(draft.content);
    const original = draft.original ? JSON.stringify(draft.original) : null;
    const sum = ref === undefined ? null : digest(content, original);
    if (ref !== undefined) {
      const known = await tx.one<Known>(
        'select ts, no, digest from messages where app = ? and conv = ? and sender = ? and ref = ?',
        app,
        conversation,
        sender,
        ref,
      );
      if (known && known.digest !== sum)
        throw new ImError('conflict', 'this reference was used for another message', { what: 'reference' });
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
      sender,
      draft.as,
      draft.content.type,
      content,
      original,
      draft.flags,
      draft.mentions ? JSON.stringify(draft.mentions) : null,
      ref ?? null,
      sum,
    );
    if (draft.job)
      await putJob(tx, app, { ...draft.job, type: 'message', conversation, ts: head.ts, sender: draft.sender });
    return { ts: head.ts, no, prev: head.prev_ts, fresh: true };
  },

  edit,
  recall,

  remove,
  hide,
  clear,

  async expire(tx, app, before, rows) {
    const gone = await tx.all<{ conv: number; ts: number }>(
      'delete from messages where no in (select no from messages where app = ? and ts < ? order by ts limit ?) returning conv, ts',
      app,
      before,
      rows,
    );
    const newest = new Map<number, number>();
    for (const { conv, ts } of gone) newest.set(conv, Math.max(ts, newest.get(conv) ?? 0));
    for (const [conv, ts] of newest)
      await tx.run('update heads set last_ts = 0 where app = ? and no = ? and last_ts <= ?', app, conv, ts);
    return { done: gone.length < rows, removed: gone.length };
  },
};
