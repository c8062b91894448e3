// The database of many nodes as one file, by PostgreSQL's own programs: what they make is consistent while nodes go on,
// and any PostgreSQL of the same version or a newer one can read it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openLog } from '../log.ts';
import type { Secret } from '../secret.ts';
import { readVersion } from '../store/postgres/migrate.ts';
import { openPool } from '../store/postgres/pool.ts';
import { type Io, OperatorError } from './io.ts';

/** Answers the version that was dumped. */
export async function dumpDatabase(io: Io, url: Secret, file: string): Promise<number> {
  const version = await versionIn(url);
  if (version === 0) throw new OperatorError('the database has nothing of Hongyan in it');
  await program(io, 'pg_dump', url, ['--format=custom', '--no-owner', '--no-privileges', `--file=${file}`]);
  return version;
}

export async function assertEmpty(url: Secret): Promise<void> {
  if ((await versionIn(url)) !== 0)
    throw new OperatorError(
      'the database has data already. Make a new, empty one, name it in HONGYAN_DATABASE_URL, and restore into that',
    );
}

/** Into an empty database, all or nothing. */
export async function loadDatabase(io: Io, url: Secret, file: string): Promise<void> {
  const { pathname } = new URL(url.reveal());
  const database = decodeURIComponent(pathname.slice(1));
  await program(io, 'pg_restore', url, [
    '--single-transaction',
    '--exit-on-error',
    '--no-owner',
    `--dbname=${database}`,
    file,
  ]);
}

async function versionIn(url: Secret): Promise<number> {
  const pool = openPool({ url: url.reveal(), log: openLog({ level: 'silent' }), connectionsMax: 1 });
  try {
    return await readVersion(pool);
  } finally {
    await pool.end();
  }
}

/** Where and who goes by the environment: arguments can be read by everybody on the machine. */
async function program(io: Io, name: string, url: Secret, args: readonly string[]): Promise<void> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url.reveal());
  const told = {
    PGHOST: searchParams.get('host') ?? decodeURIComponent(hostname),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get('sslmode') ?? '',
  };
  const env = { ...io.env, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== '')) };
  const child = spawn(name, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  const [code] = await once(child, 'close').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new OperatorError(`${name} is not installed: it comes with PostgreSQL's client programs (postgresql-client)`);
  });
  if (code !== 0) throw new OperatorError(`${name} ended with ${code}: ${said.trim()}`);
}
