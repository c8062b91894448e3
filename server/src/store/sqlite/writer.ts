// The one that writes: takes a batch of writes, runs each by itself, commits them together. Runs in its own thread
// behind a file, or on the main thread for a database in memory.
import { ImError } from '../../core/errors.ts';
import type { Answer, BatchAnswer } from '../committer.ts';
import type { Bind, Tx } from '../sql/db.ts';
import { perform } from '../sql/slices.ts';
import { type AppendCall, openAppends } from './appends.ts';
import type { Connection } from './connection.ts';
import { openCounters } from './counters.ts';

/** slice, call, the store's clock, arguments. */
export type NamedCall = readonly [slice: string, call: string, now: number, args: unknown[]];
/** As JSON, an array of these is a batch. */
export type Write = NamedCall | AppendCall;

const isAppend = (write: Write): write is AppendCall => typeof write[0] === 'number';

export type Writer = { commit(writes: readonly Write[]): Promise<BatchAnswer>; close(): void };

export function openWriter(connection: Connection): Writer {
  const counters = openCounters(connection);
  const appends = openAppends(connection, counters);
  const begin = connection.prepare('begin immediate');
  const commit = connection.prepare('commit');
  const savepoint = connection.prepare('savepoint one');
  const release = connection.prepare('release one');
  const rollbackToSavepoint = connection.prepare('rollback to one');
  const rollback = () => {
    if (connection.db.isTransaction) connection.db.exec('rollback');
    counters.forget();
    appends.forget();
  };

  /** `guarded`: every write has a savepoint, appends too, which refuse before they write. */
  async function runAll(writes: readonly Write[], guarded: boolean): Promise<Answer[] | 'surprised'> {
    const answers: Answer[] = [];
    begin.run();
    counters.begin();
    for (const write of writes) {
      const answer = guarded || !isAppend(write) ? await runGuarded(write) : runAppend(write);
      if (answer === 'surprised') return answer;
      answers.push(answer);
    }
    appends.settle();
    counters.save();
    commit.run();
    return answers;
  }

  function runAppend(write: AppendCall): Answer | 'surprised' {
    try {
      return { ok: true, value: appends.append(write) };
    } catch (error) {
      failUnlessAlone(error);
      return error instanceof ImError ? refusal(error) : 'surprised';
    }
  }

  async function runGuarded(write: Write): Promise<Answer> {
    appends.settle();
    savepoint.run();
    try {
      const value = isAppend(write)
        ? appends.append(write)
        : await perform(openTx(write[2]), write[0], write[1], write[3]);
      appends.settle();
      release.run();
      return { ok: true, value };
    } catch (error) {
      failUnlessAlone(error);
      rollbackToSavepoint.run();
      release.run();
      appends.forget();
      if (error instanceof ImError) return refusal(error);
      const name = isAppend(write) ? 'messages.append' : `${write[0]}.${write[1]}`;
      return { ok: false, code: 'broken', message: `${name}: ${(error as Error).message}` };
    }
  }

  /** A full disk and its like end the whole transaction inside SQLite: then nothing of it can be kept. */
  function failUnlessAlone(error: unknown): void {
    if (!connection.db.isTransaction || isOfTheDisk(error)) throw error;
  }

  const openTx = (now: number): Tx => ({
    now,
    nextNo: async (counter) => counters.next(counter),
    all: async <R>(sql: string, ...values: Bind[]) => connection.all<R>(sql, values),
    one: async <R>(sql: string, ...values: Bind[]) => connection.one<R>(sql, values),
    run: async (sql: string, ...values: Bind[]) => connection.run(sql, values),
  });

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

const refusal = ({ code, message, details }: ImError): Answer => ({ ok: false, code, message, details });

/** SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN. */
const diskErrors = new Set([5, 6, 7, 8, 10, 11, 13, 14]);
const isOfTheDisk = (error: unknown): boolean => {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && diskErrors.has(code & 0xff);
};
