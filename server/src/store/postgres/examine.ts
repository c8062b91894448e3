// What can be told of a database without changing it.
import { newestVersion } from '../sql/migrations/all.ts';
import { readVersion } from './migrate.ts';
import { openPool } from './pool.ts';

export type Examined = {
  /** PostgreSQL's own version. */
  readonly server: string;
  /** Of the tables; 0: there are none. */
  readonly version: number;
  /** That this server knows. */
  readonly newest: number;
  readonly clockAheadMs: number;
  readonly standby: boolean;
};

const silent = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

export async function examineDatabase(url: string): Promise<Examined> {
  const pool = openPool({ url, log: silent, connectionsMax: 1 });
  try {
    const asked = Date.now();
    const { rows } = await pool.query<{ server: string; now: number; standby: boolean }>(
      `select current_setting('server_version') as server, pg_is_in_recovery() as standby,
         (extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
    );
    const [row] = rows;
    if (!row) throw new Error('it answers nothing');
    const clockAheadMs = Math.round(row.now - (asked + Date.now()) / 2);
    const { server, standby } = row;
    return { server, standby, clockAheadMs, version: await readVersion(pool), newest: newestVersion };
  } finally {
    await pool.end();
  }
}
