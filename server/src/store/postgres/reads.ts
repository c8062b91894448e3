// Reading: a statement on any connection. One that broke is asked again on another.
import { limits } from '../../core/limits.ts';
import type { Bind, Db } from '../sql/db.ts';
import { trying } from './again.ts';
import { openGate } from './gate.ts';
import { type Connection, isLost, type Pool } from './pool.ts';
import { statement } from './statements.ts';

/** Runs `work` on a connection of the pool; one that is of no use any more does not go back. */
export async function onConnection<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  let lost = false;
  try {
    return await work(connection);
  } catch (error) {
    lost = isLost(error);
    throw error;
  } finally {
    connection.release(lost);
  }
}

export function openReads(pool: Pool): Db {
  const gate = openGate(limits.databaseReadsMax);
  const rows = <R>(sql: string, values: readonly Bind[]): Promise<R[]> =>
    gate(() =>
      trying('a read', () => onConnection(pool, async (one) => (await one.query(statement(sql, values))).rows as R[])),
    );
  return {
    all: <R>(sql: string, ...values: Bind[]) => rows<R>(sql, values),
    one: async <R>(sql: string, ...values: Bind[]) => (await rows<R>(sql, values))[0],
  };
}
