// The queue of pushes.
import type { Cause, Job, JobKind, OutboxReads, OutboxWrites } from '../../core/push/outbox.ts';
import { list, pieces, type Tx, unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type Row = {
  no: number;
  body: string | null;
  parent: number | null;
  device: string | null;
  who: string | null;
  cursor: string | null;
  attempts: number;
  created_at: number;
};

const laneOf = (app: number, kind: JobKind): string => `${app}/${kind}`;

export const notifyLane = (app: number): string => laneOf(app, 'notify');
/** A number (of `order`) that was given once is never given again: devices are told by it what they have heard already. */
export const insertJob =
  "insert into outbox (no, app, kind, lane, body, due_at, created_at) values (?, ?, 'notify', ?, ?, ?, ?)";

export async function putJob(tx: Tx, app: number, cause: Cause): Promise<void> {
  await tx.run(insertJob, await tx.nextNo('order'), app, notifyLane(app), JSON.stringify(cause), tx.now, tx.now);
}

// Steps from lane to lane over the index, so that it costs the same however many jobs wait in each.
const lanes = `with recursive found (lane) as (
    select min(lane) from outbox where lane is not null
    union all
    select (select min(o.lane) from outbox o where o.lane > found.lane) from found where found.lane is not null)
  select lane, (select min(o.due_at) from outbox o where o.lane = found.lane) as due_at from found where lane is not null`;

export const outboxReads: SliceReads<OutboxReads> = {
  async lanes(db) {
    const rows = await db.all<{ lane: string; due_at: number }>(lanes);
    return rows.map(({ lane, due_at }) => {
      const [app, kind] = lane.split('/') as [string, JobKind];
      return { app: Number(app), kind, dueAt: due_at };
    });
  },
};

export const outboxWrites: SliceWrites<OutboxWrites> = {
  put: putJob,

  async take(tx, { app, kind }, lease, max) {
    const rows = await tx.all<Row>(
      `update outbox set due_at = ?, lease_by = ?, attempts = attempts + 1
       where no in (select no from outbox where lane = ? and due_at <= ? order by due_at, no limit ?)
       returning no, body, parent, device, who, cursor, attempts, created_at`,
      tx.now + lease.ms,
      lease.by,
      laneOf(app, kind),
      tx.now,
      max,
    );
    const causes = await causesOf(tx, rows);
    return rows.sort((a, b) => a.no - b.no).flatMap((row) => toJob(row, causes) ?? []);
  },

  async spread(tx, by, steps) {
    for (const { no, to, cause, cursor } of steps) {
      const job = await tx.one<{ app: number; created_at: number }>(
        'select app, created_at from outbox where no = ? and lease_by = ?',
        no,
        by,
      );
      if (!job) continue;
      for (const { install, who, kind } of to) {
        await tx.run(
          `insert into outbox (no, app, kind, lane, body, parent, device, who, due_at, created_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           on conflict do nothing`,
          await tx.nextNo('order'),
          job.app,
          kind,
          laneOf(job.app, kind),
          cause === undefined ? null : JSON.stringify(cause),
          no,
          install,
          who,
          tx.now,
          job.created_at,
        );
      }
      if (cursor === undefined) {
        await tx.run('update outbox set lane = null, lease_by = null where no = ?', no);
        await dropFinished(tx, [no]);
      } else
        await tx.run(
          'update outbox set cursor = ?, due_at = ?, lease_by = null, attempts = 0 where no = ?',
          cursor,
          tx.now,
          no,
        );
    }
  },

  async done(tx, by, jobs) {
    for (const piece of pieces(jobs)) {
      const some = list(piece);
      const gone = await tx.all<{ parent: number | null }>(
        `delete from outbox where no in ${some.sql} and lease_by = ? returning parent`,
        ...some.values,
        by,
      );
      await dropFinished(
        tx,
        gone.flatMap(({ parent }) => parent ?? []),
      );
    }
  },

  async later(tx, by, jobs) {
    for (const { no, dueAt } of jobs)
      await tx.run('update outbox set due_at = ?, lease_by = null where no = ? and lease_by = ?', dueAt, no, by);
  },

  async recover(tx) {
    await tx.run('update outbox set due_at = ?, lease_by = null where lease_by is not null', tx.now);
  },
};

/** Removes those whose parts are all done. */
async function dropFinished(tx: Tx, jobs: readonly number[]): Promise<void> {
  if (jobs.length === 0) return;
  const some = list(unique(jobs));
  await tx.run(
    `delete from outbox where no in ${some.sql} and lane is null
     and not exists (select 1 from outbox part where part.parent = outbox.no)`,
    ...some.values,
  );
}

async function causesOf(tx: Tx, rows: readonly Row[]): Promise<Map<number, Cause>> {
  const bodies = new Map(rows.flatMap((row) => (row.body === null ? [] : [[row.no, row.body] as const])));
  const parents = unique(rows.flatMap(({ parent }) => parent ?? []));
  for (const piece of pieces(parents)) {
    const some = list(piece);
    for (const { no, body } of await tx.all<{ no: number; body: string }>(
      `select no, body from outbox where no in ${some.sql}`,
      ...some.values,
    ))
      bodies.set(no, body);
  }
  return new Map([...bodies].map(([no, body]) => [no, JSON.parse(body) as Cause]));
}

function toJob(row: Row, causes: ReadonlyMap<number, Cause>): Job | undefined {
  const causeNo = row.parent ?? row.no;
  // A part may have words of its own.
  const cause = causes.get(row.no) ?? causes.get(causeNo);
  if (!cause) return undefined;
  return {
    no: row.no,
    causeNo,
    cause,
    attempts: row.attempts,
    createdAt: row.created_at,
    device: row.device === null || row.who === null ? null : { install: row.device, who: row.who },
    cursor: row.cursor,
  };
}
