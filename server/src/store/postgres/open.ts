// The store of many nodes: PostgreSQL, where any number of them write at once.

import { ImError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { type Clock, systemClock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import { unavailable } from '../committer.ts';
import { bindSlices, type Submit } from '../sql/slices.ts';
import { trying } from './again.ts';
import { openAppends } from './appends.ts';
import { assertWhole, migrate } from './migrate.ts';
import { openPool, type Pool } from './pool.ts';
import { openReads } from './reads.ts';
import { openWrites } from './writes.ts';

export type PostgresOptions = {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** The system's: times are then the database's own, so that the clocks of the nodes do not matter. */
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: { committed(writes: number, ms: number): void };
  readonly connectionsMax?: number;
};

export type PostgresStore = Store & {
  /** For what else lives in the same database. */
  readonly pool: Pool;
};

const healthTimeoutMs = 5_000;

/** A sentence for whoever starts the server; without the password. */
function unusable(url: string, error: unknown): ImError {
  const { message, code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  const { host, pathname } = new URL(url);
  return new ImError(
    'unavailable',
    `the database ${host}${pathname} cannot be used: ${message || code}`,
    { why: 'database' },
    { cause: error },
  );
}

/** Makes the tables where they are missing. Throws `unavailable` when it cannot be reached, or a newer server has written it. */
export async function openPostgres(options: PostgresOptions): Promise<PostgresStore> {
  const { url, clock, log, metrics, connectionsMax } = options;
  const pool = openPool({ url, log, ...(connectionsMax === undefined ? {} : { connectionsMax }) });
  try {
    await trying('the migration', () => migrate(pool, clock.now(), log));
    await assertWhole(pool);
  } catch (error) {
    await pool.end();
    throw unusable(url, error);
  }
  const given = clock === systemClock ? undefined : () => clock.now();
  const db = openReads(pool);
  const write = openWrites(pool, db, given);
  const appends = openAppends(pool, given, metrics?.committed);
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  const submit: Submit = (slice, call, args) => {
    if (closed) return Promise.reject(unavailable('closed'));
    if (underWay.size >= limits.commitQueueMax) return Promise.reject(unavailable('busy'));
    const started = performance.now();
    const work = write(slice, call, args).then((answer) => {
      metrics?.committed(1, performance.now() - started);
      return answer;
    });
    underWay.add(work);
    const over = () => underWay.delete(work);
    work.then(over, over);
    return work;
  };

  return {
    ...bindSlices(db, submit, appends.append),
    pool,
    async healthy() {
      const timeout = new Promise<false>((resolve) => setTimeout(resolve, healthTimeoutMs, false).unref());
      const trial = Promise.all([
        db.one<{ standby: boolean }>('select pg_is_in_recovery() as standby'),
        submit('store', 'nothing', []),
      ]).then(
        ([row]) => row?.standby === false,
        () => false,
      );
      return Promise.race([trial, timeout]);
    },
    async close() {
      closed = true;
      await appends.drain();
      await Promise.allSettled(underWay);
      await pool.end();
    },
  };
}
