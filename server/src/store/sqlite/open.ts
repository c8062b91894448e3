// The embedded store: SQLite in a file, one writer in a thread of its own, readers here; or in memory, all on this thread.
import type { Append, Appended } from '../../core/messages/message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import { type Committer, openCommitter } from '../committer.ts';
import type { Bind, Db } from '../sql/db.ts';
import { bindSlices, type Submit } from '../sql/slices.ts';
import { appendCall } from './appends.ts';
import { backupDatabase } from './backup.ts';
import { type Connection, connectReader, connectWriter } from './connection.ts';
import { migrate } from './migrate.ts';
import { openWriter, type Write } from './writer.ts';
import { startWriter } from './writer-client.ts';

export type StoreMetrics = { committed(writes: number, ms: number): void };

export type SqliteOptions = {
  /** A file, made when missing, or ':memory:'. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: StoreMetrics;
  /** `inline`: write on the calling thread. For a short command; a server writes in a thread. */
  readonly writer?: 'thread' | 'inline';
  /** Pages of log that wait for a checkpoint. For comparisons. */
  readonly checkpointPages?: number;
};

export type SqliteStore = Store & {
  /** A consistent copy as a new file, made while the store goes on serving. */
  backupTo(path: string): Promise<void>;
};

/**
 * Pages of log (4 KiB each) at which a commit moves them into the database. Measured on 150,000 rows: a commit then takes
 * 10–35 ms at worst, on the writer's thread. A thread apart for this was slower to let the writer's commits through (80–170
 * ms at worst, both wait for one disk) and let the log grow past 100 MB under load.
 */
const usualCheckpointPages = 4_000;
const healthTimeoutMs = 5_000;

export async function openSqlite(options: SqliteOptions): Promise<SqliteStore> {
  const parts =
    options.path === ':memory:' || options.writer === 'inline' ? openInline(options) : openThreaded(options);
  const { committer, db } = parts;
  const { clock } = options;
  // As text from here on: it crosses to a thread, and its length is what it weighs.
  const write = (call: Write): Promise<unknown> => {
    const text = JSON.stringify(call);
    return committer.submit(text, text.length);
  };
  const submit: Submit = (slice, call, args) => {
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    return write([slice, call, clock.now(), args]);
  };
  const append = (draft: Append) => write(appendCall(clock.now(), draft)) as Promise<Appended>;
  const healthy = async () => {
    const timeout = new Promise<false>((resolve) => setTimeout(resolve, healthTimeoutMs, false).unref());
    const trial = Promise.all([db.one('select 1 as one'), submit('store', 'nothing', [])]).then(
      () => true,
      () => false,
    );
    return Promise.race([trial, timeout]);
  };
  return {
    ...bindSlices(db, submit, append),
    healthy,
    backupTo: parts.backupTo,
    async close() {
      await committer.drain();
      await parts.close();
    },
  };
}

type Parts = { committer: Committer<string>; db: Db; backupTo(path: string): Promise<void>; close(): Promise<void> };

function prepare(path: string, clock: Clock, checkpointPages: number): Connection {
  const connection = connectWriter(path, checkpointPages);
  try {
    migrate(connection.db, clock.now());
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}

/** One connection for all. Reads wait for the batch in progress, so that nobody sees a row before its commit. */
function openInline({ path, clock, metrics, checkpointPages = usualCheckpointPages }: SqliteOptions): Parts {
  const connection = prepare(path, clock, checkpointPages);
  const writer = openWriter(connection);
  let inProgress: Promise<unknown> | undefined;
  const committer = openCommitter<string>({
    depth: 1,
    committed: metrics?.committed,
    async commit(batch) {
      const committing = writer.commit(batch.map((text) => JSON.parse(text) as Write));
      inProgress = committing;
      const answer = await committing;
      inProgress = undefined;
      return answer;
    },
  });
  const db: Db = {
    async all<R>(sql: string, ...values: Bind[]) {
      while (inProgress) await inProgress;
      return connection.all<R>(sql, values);
    },
    async one<R>(sql: string, ...values: Bind[]) {
      while (inProgress) await inProgress;
      return connection.one<R>(sql, values);
    },
  };
  return {
    committer,
    db,
    backupTo: async (to) => {
      if (path !== ':memory:') return backupDatabase(path, to);
      while (inProgress) await inProgress;
      connection.run('vacuum into ?', [to]);
    },
    close: async () => connection.close(),
  };
}

function openThreaded({ path, clock, log, metrics, checkpointPages = usualCheckpointPages }: SqliteOptions): Parts {
  prepare(path, clock, checkpointPages).close();
  const writer = startWriter({ path, checkpointPages }, (error) =>
    log.error({ err: error }, 'the store cannot write any more'),
  );
  const reader = connectReader(path);
  const committer = openCommitter<string>({
    depth: 2,
    commit: (batch) => writer.commit(`[${batch.join(',')}]`),
    committed: metrics?.committed,
  });
  const db: Db = {
    all: async <R>(sql: string, ...values: Bind[]) => reader.all<R>(sql, values),
    one: async <R>(sql: string, ...values: Bind[]) => reader.one<R>(sql, values),
  };
  return {
    committer,
    db,
    backupTo: (to) => backupDatabase(path, to),
    async close() {
      reader.close();
      await writer.close();
    },
  };
}
