// PostgreSQL for tests. `testDatabaseUrl` names a server that tests may use (HONGYAN_TEST_DATABASE_URL); on it every test
// file makes a database of its own and drops it. What has to stop or kill a server starts one of its own.
import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { eventually, within } from './eventually.ts';

/** Undefined: the suites on PostgreSQL do not run. */
export const testDatabaseUrl: string | undefined = process.env.HONGYAN_TEST_DATABASE_URL?.trim() || undefined;

export type TestDatabase = {
  readonly url: string;
  /** Ends whatever is still connected. */
  drop(): Promise<void>;
};

/** Runs statements on a connection of its own, one after the other. */
export async function execute(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // A server that goes away says so on the connection; the statement in question is rejected anyhow.
  client.on('error', () => {});
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** A new, empty database on the server of `url`. */
export async function openTestDatabase(url: string | undefined = testDatabaseUrl): Promise<TestDatabase> {
  if (url === undefined) throw new Error('HONGYAN_TEST_DATABASE_URL is not set');
  const name = `hongyan_test_${randomBytes(6).toString('hex')}`;
  // The template that nobody connects to, so that files may do this at once.
  await execute(url, `create database ${name} template template0`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    drop: async () => void (await execute(url, `drop database if exists ${name} with (force)`)),
  };
}

export type OwnPostgres = {
  /** Of its first database. */
  readonly url: string;
  start(): Promise<void>;
  /** `fast`: an orderly end that ends connections; `immediate`: as if the machine had failed. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
};

const run = promisify(execFile);

/** The folder of the newest installed server's programs. */
async function programs(): Promise<string> {
  const all = '/usr/lib/postgresql';
  const versions = await readdir(all).catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  if (newest !== undefined) return join(all, String(newest), 'bin');
  return (await run('pg_config', ['--bindir'])).stdout.trim();
}

async function accountOf(user: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => (await run('id', [flag, user])).stdout));
  return { uid: Number(uid), gid: Number(gid) };
}

/** A server on a free port with data of its own, as the user `postgres` where we are root: it refuses to be root itself. */
export async function openOwnPostgres(): Promise<OwnPostgres> {
  const bin = await programs();
  const dir = await mkdtemp(join(tmpdir(), 'hongyan-postgres-'));
  const account = process.getuid?.() === 0 ? await accountOf('postgres') : undefined;
  if (account) await chown(dir, account.uid, account.gid);
  const data = join(dir, 'data');
  const port = await freePort();
  const url = `postgres://hongyan@127.0.0.1:${port}/postgres`;
  const options: SpawnOptions = { ...account, cwd: dir, stdio: 'ignore' };
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: dir, max_connections: 200 };
  let child: ReturnType<typeof spawn> | undefined;
  const killNow = (): void => void child?.kill('SIGQUIT');

  const init = spawn(join(bin, 'initdb'), ['-D', data, '-U', 'hongyan', '-A', 'trust', '-E', 'UTF8', '-N'], options);
  const [code] = await within('initdb ends', once(init, 'exit'), 60_000);
  if (code !== 0) throw new Error(`initdb ended with ${code}`);

  const server: OwnPostgres = {
    url,
    async start() {
      if (child) throw new Error('it is running already');
      const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      child = spawn(join(bin, 'postgres'), ['-D', data, ...set], options);
      process.once('exit', killNow);
      await eventually('the server takes connections', () => execute(url, 'select 1').catch(() => false), 30_000);
    },
    async stop(how = 'fast') {
      if (!child) return;
      const ended = once(child, 'exit');
      child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await within('the server ends', ended, 30_000);
      child = undefined;
      process.removeListener('exit', killNow);
    },
    async close() {
      await server.stop('immediate');
      await rm(dir, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
