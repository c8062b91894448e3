// Connections to PostgreSQL, and what their failures mean.
import pg from 'pg';
import { limits } from '../../core/limits.ts';
import type { Log } from '../../core/ports/log.ts';

export type Pool = pg.Pool;
export type Connection = pg.PoolClient;

export type PoolOptions = {
  /** postgres://user:password@host:port/database; what else the address says (`sslmode`, `options`) holds too. */
  readonly url: string;
  readonly log: Log;
  readonly connectionsMax?: number;
  readonly name?: string;
};

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an integer beyond 2^53');
  return value;
}

const { builtins } = pg.types;
/** Integers are numbers; nothing becomes a Date. */
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, integer],
  [builtins.NUMERIC, Number],
]);
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format as 'text'),
};

export function openPool({
  url,
  log,
  connectionsMax = limits.databaseConnectionsMax,
  name = 'hongyan',
}: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    types: types as pg.CustomTypesConfig,
    max: connectionsMax,
    connectionTimeoutMillis: limits.databaseConnectMsMax,
    // For a network that swallows everything: the connection is given up. The server has its own, shorter limit.
    query_timeout: limits.databaseStatementMsMax + 5_000,
    keepAlive: true,
    idleTimeoutMillis: 60_000,
  });
  // One that breaks while it waits is replaced by the next that asks; one in use rejects its statement as well.
  pool.on('error', (err) => log.warn({ err }, 'an idle connection to the database broke'));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

const saidBy = (error: unknown): error is pg.DatabaseError => error instanceof pg.DatabaseError;

/** Connection exceptions, and a server that is going away or coming up. */
const ends = /^(08|57P)/;

/** The connection is gone or of no use: it must not go back to its pool. What it was doing may have been kept. */
export const isLost = (error: unknown): boolean => !saidBy(error) || error.code === undefined || ends.test(error.code);

/** Serialisation failure, deadlock, a name that another took meanwhile: the whole transaction again is another try. */
export const isRaced = (error: unknown): boolean =>
  saidBy(error) && ['40001', '40P01', '23505'].includes(error.code ?? '');

/** Node's word for what the network or the driver could not do. */
const isOfTheWire = (error: unknown): boolean => {
  if (saidBy(error) || !(error instanceof Error) || error.name !== 'Error') return false;
  const { code } = error as { code?: unknown };
  return typeof code === 'string'
    ? /^E[A-Z_]+$/.test(code)
    : /connect|terminat|timeout|ended|closed/i.test(error.message);
};

/** Worth another try: a race, a connection that broke or could not be had. */
export const isAgain = (error: unknown): boolean =>
  isRaced(error) || isOfTheWire(error) || (saidBy(error) && (ends.test(error.code ?? '') || error.code === '53300'));

/**
 * The database cannot do it now, by no fault of the call: no connection, no room, no time (57014, 55P03, 25P03), or it is
 * read-only (25006), as after it was replaced by its standby.
 */
export const isUnable = (error: unknown): boolean =>
  isAgain(error) || (saidBy(error) && /^(53|57|58|55P03|25006|25P03)/.test(error.code ?? ''));
