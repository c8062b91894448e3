// Brings a database to the newest version. Nodes that start at once take turns: the first does it, the others find it done.
import { limits } from '../../core/limits.ts';
import type { Log } from '../../core/ports/log.ts';
import { migrations, newestVersion } from '../sql/migrations/all.ts';
import { physical } from './physical.ts';
import { type Connection, isLost, type Pool } from './pool.ts';
import { translate } from './translate.ts';

/** No key of a write (keys.ts): those are hashes. */
const migrationLock = 4_711;

/** 0 for an empty database. */
async function versionOf(connection: Connection): Promise<number> {
  const { rows: tables } = await connection.query("select to_regclass('migrations') is not null as known");
  if (!tables[0]?.known) return 0;
  const { rows } = await connection.query('select coalesce(max(version), 0)::int as version from migrations');
  return rows[0]?.version ?? 0;
}

/** The newest version of a database, without changing it. */
export async function readVersion(pool: Pool): Promise<number> {
  const connection = await pool.connect();
  try {
    return await versionOf(connection);
  } finally {
    connection.release();
  }
}

/** Throws when somebody is moving in (store/move) and not everything has come. */
export async function assertWhole(pool: Pool): Promise<void> {
  const { rows } = await pool.query("select to_regclass('moving') is not null as moving");
  if (rows[0]?.moving)
    throw new Error(
      'an embedded installation was being moved into this database: give `hongyan move` again to finish it',
    );
}

/** Refuses a database that a newer server has written. All of it is one transaction. */
export async function migrate(pool: Pool, nowMs: number, log: Log): Promise<void> {
  const connection = await pool.connect();
  let lost = true;
  try {
    if ((await versionOf(connection)) !== newestVersion) await bring(connection, nowMs, log);
    lost = false;
  } catch (error) {
    lost = isLost(error);
    if (!lost) await connection.query('rollback');
    throw error;
  } finally {
    connection.release(lost);
  }
}

async function bring(connection: Connection, nowMs: number, log: Log): Promise<void> {
  await connection.query(
    `begin isolation level read committed; set local idle_in_transaction_session_timeout = ${limits.databaseStatementMsMax};
     select pg_advisory_xact_lock(${migrationLock})`,
  );
  const version = await versionOf(connection);
  if (version > newestVersion) {
    throw new Error(
      `the database has version ${version}, this server knows up to ${newestVersion}: run the newer server, or restore a backup from before the upgrade`,
    );
  }
  if (version === 0)
    await connection.query(
      'create table migrations (version int primary key, name text not null, applied_at bigint not null)',
    );
  for (const [n, { name, statements }] of migrations.entries()) {
    if (n < version) continue;
    for (const statement of [...statements.flatMap(translate), ...(physical[name] ?? [])])
      await connection.query({ text: statement, query_timeout: 0 } as { text: string });
    await connection.query('insert into migrations (version, name, applied_at) values ($1, $2, $3)', [
      n + 1,
      name,
      nowMs,
    ]);
  }
  await connection.query('commit');
  log.info({ from: version, to: newestVersion }, 'the database was brought up to date');
}
