// The one that writes: takes a batch of writes, runs each by itself, commits them together. Runs in its own thread
// behind a file, or on the main thread for a database in memory.
import { ImError } from '../../core/errors.ts';
import type { Answer, BatchAnswer } from '../committer.ts';
import type { Bind, Counter, Tx } from '../sql/db.ts';
import { perform, refusesFirst } from '../sql/slices.ts';
import type { Connection } from './connection.ts';

/** slice, call, the store's clock, arguments; as JSON, an array of these is a batch. */
export type Write = readonly [slice: string, call: string, now: number, args: unknown[]];

export type Writer = { commit(writes: readonly Write[]): Promise<BatchAnswer>; close(): void };

export function openWriter(connection: Connection): Writer {
  const counters = openCounters(connection);
  const begin = connection.prepare('begin immediate');
  const commit = connection.prepare('commit');
  const rollback = () => {
    if (connection.db.isTransaction) connection.db.exec('rollback');
    counters.forget();
  };

  /** `guarded`: every write has a savepoint, even those that promise to refuse before they write. */
  async function runAll(writes: readonly Write[], guarded: boolean): Promise<Answer[] | 'surprised'> {
    const answers: Answer[] = [];
    begin.run();
    counters.begin();
    for (const write of writes) {
      const answer = await runOne(connection, counters, write, guarded || !refusesFirst(write[0], write[1]));
      if (answer === 'surprised') return answer;
      answers.push(answer);
    }
    counters.save();
    commit.run();
    return answers;
  }

  return {
    async commit(writes) {
      try {
        let answers = await runAll(writes, false);
        if (answers === 'surprised') {
          rollback();
          answers = await runAll(writes, true);
        }
        if (answers !== 'surprised') return { answers };
        rollback();
        return { failed: 'a write could not be taken back alone' };
      } catch (error) {
        // SQLite may have ended the transaction by itself; the counters go back in any case.
        rollback();
        return { failed: (error as Error).message };
      }
    },
    close: () => connection.close(),
  };
}

async function runOne(
  connection: Connection,
  counters: Counters,
  [slice, call, now, args]: Write,
  guarded: boolean,
): Promise<Answer | 'surprised'> {
  const { db } = connection;
  const tx: Tx = {
    now,
    nextNo: async (counter) => counters.next(counter),
    all: async <R>(sql: string, ...values: Bind[]) => connection.all<R>(sql, values),
    one: async <R>(sql: string, ...values: Bind[]) => connection.one<R>(sql, values),
    run: async (sql: string, ...values: Bind[]) => connection.run(sql, values),
  };
  if (guarded) connection.prepare('savepoint one').run();
  try {
    const value = await perform(tx, slice, call, args);
    if (guarded) connection.prepare('release one').run();
    return { ok: true, value };
  } catch (error) {
    // A full disk and its like end the whole transaction inside SQLite.
    if (!db.isTransaction || isOfTheDisk(error)) throw error;
    if (!guarded && !(error instanceof ImError)) return 'surprised';
    if (guarded) {
      connection.prepare('rollback to one').run();
      connection.prepare('release one').run();
    }
    if (error instanceof ImError)
      return { ok: false, code: error.code, message: error.message, details: error.details };
    return { ok: false, code: 'broken', message: `${slice}.${call}: ${(error as Error).message}` };
  }
}

/** SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN. */
const diskErrors = new Set([5, 6, 7, 8, 10, 11, 13, 14]);
const isOfTheDisk = (error: unknown): boolean => {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && diskErrors.has(code & 0xff);
};

type Counters = { begin(): void; next(counter: Counter): number; save(): void; forget(): void };

/**
 * Kept numbers: counted in memory, written once a commit. Another process that wrote in between (a command beside the
 * server) shows in `data_version`, and they are read anew.
 */
function openCounters(connection: Connection): Counters {
  const values = new Map<string, number>();
  const dirty = new Set<Counter>();
  let version = -1;
  return {
    begin() {
      const row = connection.one<{ data_version: number }>('pragma data_version', []);
      if (row?.data_version === version && values.size > 0) return;
      version = row?.data_version ?? -1;
      for (const { name, value } of connection.all<{ name: string; value: number }>(
        'select name, value from counters',
        [],
      ))
        values.set(name, value);
    },
    next(counter) {
      const value = (values.get(counter) ?? 0) + 1;
      values.set(counter, value);
      dirty.add(counter);
      return value;
    },
    save() {
      for (const counter of dirty)
        connection.run('update counters set value = ? where name = ?', [values.get(counter) ?? 0, counter]);
      dirty.clear();
    },
    forget() {
      values.clear();
      dirty.clear();
    },
  };
}
