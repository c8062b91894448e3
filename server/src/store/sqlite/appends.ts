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
const moveHead = 'update heads set prev_ts = ?, ts = ?, last_ts = ? where no = ?';
const insert = `insert into messages (no, app, conv, ts, sub, sender, sender_kind, kind, content, original, flags, mentions, ref, digest)
  values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

type Head = { readonly app: number | undefined; ts: number; prev: number; moved: boolean };

export type Appends = {
  /**
   * As messages.append says. Refuses before it writes: it needs no savepoint of its own in a shared commit. PostgreSQL has a
   * function of its own for many at once (store/postgres/append-function.ts), with the same answers.
   */
  append(call: AppendCall): Appended;
  /** Moves the heads of what was appended: before anything else looks at them, and before the commit. */
  settle(): void;
  /** What was appended has been rolled back. */
  forget(): void;
};

export function openAppends(connection: Connection, counters: Counters): Appends {
  const known = connection.prepare(findKnown);
  const find = connection.prepare(findHead);
  // As an array: an object for each row is a tenth of the append's time.
  find.setReturnArrays(true);
  const move = connection.prepare(moveHead);
  const store = connection.prepare(insert);
  const putJob = connection.prepare(insertJob);
  // Of the conversations spoken in since the last settling: a busy one is read and written once for all of them.
  const heads = new Map<number, Head>();

  function headOf(conv: number): Head {
    let head = heads.get(conv);
    if (head === undefined) {
      const [app, ts = 0] = (find.get(conv) ?? []) as unknown as [app?: number, ts?: number];
      head = { app, ts, prev: 0, moved: false };
      heads.set(conv, head);
    }
    return head;
  }

  return {
    append([now, job, app, conv, sender, senderKind, kind, content, original, flags, mentions, ref, digest]) {
      const head = headOf(conv);
      if (ref !== null) {
        const first = known.get(app, conv, sender, ref) as { ts: number; no: number; digest: Text } | undefined;
        if (first && first.digest !== digest) throw usedReference();
        if (first && head.app === app) return { ts: first.ts, no: first.no, prev: 0, fresh: false };
      }
      if (head.app !== app) throw notFound();
      const ts = Math.max(now, head.ts + 1);
      const no = counters.next('messages');
      store.run(no, app, conv, ts, sender, senderKind, kind, content, original, flags, mentions, ref, digest);
      if (job !== null) {
        const body = `${job.slice(0, -1)},"ts":${ts}}`;
        putJob.run(counters.next('order'), app, notifyLane(app), body, now, now);
      }
      head.prev = head.ts;
      head.ts = ts;
      head.moved = true;
      return { ts, no, prev: head.prev, fresh: true };
    },
    settle() {
      for (const [conv, { ts, prev, moved }] of heads) if (moved) move.run(prev, ts, ts, conv);
      heads.clear();
    },
    forget: () => heads.clear(),
  };
}
