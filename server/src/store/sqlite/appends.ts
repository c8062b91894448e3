// The hot path, both its ends. Where it is called a message becomes a row; where it is written the row takes two or three
// statements, and not one promise.
import type { Append, Appended } from '../../core/messages/message.ts';
import { appendRow, usedReference } from '../sql/append-row.ts';
import { notFound } from '../sql/conversations.ts';
import { insertJob, notifyLane } from '../sql/outbox.ts';
import type { Connection } from './connection.ts';
import type { Counters } from './counters.ts';

type Text = string | null;

/** The store's clock, the job, and the row: an array, because it crosses to the writer's thread as JSON. */
export type AppendCall = readonly [
  now: number,
  job: Text,
  app: number,
  conv: number,
  sender: string,
  senderKind: string,
  kind: string,
  content: string,
  original: Text,
  flags: number,
  mentions: Text,
  ref: Text,
  digest: Text,
];

export function appendCall(now: number, draft: Append): AppendCall {
  const { app, conv, sender, sender_kind, kind, content, original, flags, mentions, ref, digest, job } =
    appendRow(draft);
  return [now, job, app, conv, sender, sender_kind, kind, content, original, flags, mentions, ref, digest];
}

const findKnown = 'select ts, no, digest from messages where app = ? and conv = ? and sender = ? and ref = ?';
const findHead = 'select app, ts from heads where no = ?';
// Two statements: with `returning`, SQLite makes a table of what it will return, for a quarter of the append's time.
const moveHead = 'update heads set prev_ts = ts, ts = ?, last_ts = ? where no = ?';
const insert = `insert into messages (no, app, conv, ts, sub, sender, sender_kind, kind, content, original, flags, mentions, ref, digest)
  values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * Refuses before it writes, as messages.append says: it needs no savepoint of its own in a shared commit. PostgreSQL has a
 * function of its own for many at once (store/postgres/append-function.ts), with the same answers.
 */
export function openAppends(connection: Connection, counters: Counters): (call: AppendCall) => Appended {
  const known = connection.prepare(findKnown);
  const head = connection.prepare(findHead);
  // As an array: an object for each row is a tenth of the append's time.
  head.setReturnArrays(true);
  const move = connection.prepare(moveHead);
  const store = connection.prepare(insert);
  const putJob = connection.prepare(insertJob);

  return ([now, job, app, conv, sender, senderKind, kind, content, original, flags, mentions, ref, digest]) => {
    const [owner, at = 0] = (head.get(conv) ?? []) as number[];
    if (ref !== null) {
      const first = known.get(app, conv, sender, ref) as { ts: number; no: number; digest: Text } | undefined;
      if (first && first.digest !== digest) throw usedReference();
      if (first && owner === app) return { ts: first.ts, no: first.no, prev: 0, fresh: false };
    }
    if (owner !== app) throw notFound();
    const ts = Math.max(now, at + 1);
    move.run(ts, ts, conv);
    const no = counters.next('messages');
    store.run(no, app, conv, ts, sender, senderKind, kind, content, original, flags, mentions, ref, digest);
    if (job !== null) {
      const body = `${job.slice(0, -1)},"ts":${ts}}`;
      putJob.run(counters.next('order'), app, notifyLane(app), body, now, now);
    }
    return { ts, no, prev: at, fresh: true };
  };
}
