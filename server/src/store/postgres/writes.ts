// One write: a transaction that begins with its locks. Whatever fails before the commit is sent may be done again.
import { ImError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { unavailable } from '../committer.ts';
import type { Bind, Counter, Db, Tx } from '../sql/db.ts';
import { perform } from '../sql/slices.ts';
import { trying, Uncertain } from './again.ts';
import { openGate } from './gate.ts';
import { alone, type Keys, keysOf } from './keys.ts';
import { locksOf } from './locks.ts';
import { type Connection, isLost, isRaced, type Pool } from './pool.ts';
import { statement } from './statements.ts';
import { openTurns } from './turns.ts';

/** Undefined: the database's own clock. */
export type GivenClock = (() => number) | undefined;

const settings = `set local synchronous_commit = on; set local statement_timeout = ${limits.databaseStatementMsMax};
  set local idle_in_transaction_session_timeout = ${limits.databaseStatementMsMax}`;

/** Everything that opens a transaction, as one message. Answers the database's clock. */
async function begin(connection: Connection, { shared, exclusive, claimed }: Keys): Promise<number> {
  const first = shared.filter((key) => key !== claimed?.key);
  const where = claimed ? `, ${claimed.key}, ${claimed.app}, ${claimed.no}` : '';
  const answers = await connection.query<{ now: number }>(
    `begin isolation level read committed; ${settings};
     select hongyan_begin('{${first}}', '{${exclusive}}'${where}) as now`,
  );
  // Several statements have several results, which the types do not know.
  const results = answers as unknown as (typeof answers)[];
  return results.at(-1)?.rows[0]?.now ?? 0;
}

async function commit(connection: Connection): Promise<void> {
  try {
    await connection.query('commit');
  } catch (error) {
    if (isLost(error)) throw new Uncertain('the commit was not answered', { cause: error });
    throw error;
  }
}

const numbersMax = 64;

function openTx(connection: Connection, now: number): Tx {
  const ask = async (sql: string, values: readonly Bind[]) => connection.query(statement(sql, values));
  const numbers = new Map<Counter, { left: number[]; taken: number }>();
  return {
    now,
    all: async <R>(sql: string, ...values: Bind[]) => (await ask(sql, values)).rows as R[],
    one: async <R>(sql: string, ...values: Bind[]) => (await ask(sql, values)).rows[0] as R | undefined,
    run: async (sql, ...values) => (await ask(sql, values)).rowCount ?? 0,
    // One, then as many as were taken before: a write that needs hundreds does not ask hundreds of times.
    async nextNo(counter) {
      const mine = numbers.get(counter) ?? { left: [], taken: 0 };
      numbers.set(counter, mine);
      if (mine.left.length === 0) {
        const count = Math.min(numbersMax, Math.max(1, mine.taken));
        const { rows } = await ask(`select nextval('no_${counter}') as no from generate_series(1, ?)`, [count]);
        mine.left = rows.map((row: { no: number }) => row.no);
      }
      mine.taken++;
      return mine.left.shift() as number;
    },
  };
}

async function transaction<T>(pool: Pool, keys: Keys, given: GivenClock, work: (tx: Tx) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  let lost = false;
  try {
    const now = await begin(connection, keys);
    const value = await work(openTx(connection, given?.() ?? now));
    await commit(connection);
    return value;
  } catch (error) {
    lost = error instanceof Uncertain || (!(error instanceof ImError) && isLost(error));
    if (!lost) {
      await connection.query('rollback').catch(() => {
        lost = true;
      });
    }
    throw error;
  } finally {
    connection.release(lost);
  }
}

export type Writes = (slice: string, call: string, args: unknown[]) => Promise<unknown>;

/** `look`: reads that a lock depends on. */
export function openWrites(pool: Pool, look: Db, given: GivenClock): Writes {
  const turns = openTurns();
  const gate = openGate(limits.databaseWritesMax);

  const run = (slice: string, call: string, args: unknown[], first: Keys): Promise<unknown> => {
    let keys = first;
    return trying(`${slice}.${call}`, async () => {
      try {
        return await transaction(pool, keys, given, (tx) => perform(tx, slice, call, args));
      } catch (error) {
        if (!isRaced(error)) throw error;
        // A name that is taken while nobody else writes is no race.
        if (keys === alone) throw new Error((error as Error).message, { cause: error });
        // Who met somebody in spite of his locks has the store for himself the next time.
        keys = alone;
        throw error;
      }
    });
  };

  return async (slice, call, args) => {
    const came = performance.now();
    const locks = locksOf(look, slice, call, args);
    const keys = keysOf(locks instanceof Promise ? await locks : locks);
    return turns(keys, () => {
      if (performance.now() - came > limits.databaseWaitMsMax) throw unavailable('slow');
      return gate(() => run(slice, call, args, keys));
    });
  };
}
