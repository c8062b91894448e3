// PostgreSQL as presence sees it: connections of its own, so that a heartbeat never waits behind somebody's history. Every
// statement is bounded in time, on both sides: a node that is paused in the middle holds no locks for longer.
import { Pool, type PoolClient } from 'pg';

export type Values = readonly unknown[];

export interface Tx {
  all<R = unknown>(sql: string, values?: Values): Promise<R[]>;
}

export interface Client extends Tx {
  /** Throws `Uncertain` when nobody knows whether it was committed. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Nobody knows whether this was committed. */
export class Uncertain extends Error {
  override readonly name = 'Uncertain';
}

export type ClientOptions = { readonly url: string; readonly statementMs?: number; readonly connections?: number };

export function openClient({ url, statementMs = 5_000, connections = 3 }: ClientOptions): Client {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: 'hongyan presence',
    connectionTimeoutMillis: statementMs,
    query_timeout: statementMs + 1_000,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the next query.
  pool.on('error', () => {});
  // Set in the transaction, not on the connection: that holds behind a pooler as well.
  const begin = `begin; set local synchronous_commit = off; set local statement_timeout = ${statementMs};
    set local idle_in_transaction_session_timeout = ${statementMs}`;
  return {
    all: async <R>(sql: string, values: Values = []) => (await pool.query(sql, [...values])).rows as R[],
    async transaction(work) {
      const client = await pool.connect();
      client.on('error', ignore);
      let broken: unknown;
      try {
        await client.query(begin);
        const answer = await work(txOf(client)).catch(async (error: unknown) => {
          await client.query('rollback').catch(ignore);
          throw error;
        });
        await client.query('commit').catch((cause: unknown) => {
          throw new Uncertain('the commit was not answered', { cause });
        });
        return answer;
      } catch (error) {
        broken = error;
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(broken !== undefined && !(broken instanceof Refused));
      }
    },
    close: () => pool.end(),
  };
}

/** Thrown by the work of a transaction to undo it where nothing is wrong with the connection. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
}

const ignore = (): void => {};

const txOf = (client: PoolClient): Tx => ({
  all: async <R>(sql: string, values: Values = []) => (await client.query(sql, [...values])).rows as R[],
});
