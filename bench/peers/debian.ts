// The servers that Debian packages, as processes of the bench with folders of their own: nothing of the machine's own
// configuration is read, and nothing of it changes.
import { execFile, spawn } from 'node:child_process';
import { access, chmod, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { end, freePort, listening, makeFolder, type Peer } from '../kit/peer.ts';

const run = promisify(execFile);
const here = fileURLToPath(new URL('./', import.meta.url));

/** A configuration of this folder with its @…@ filled in. */
async function configure(name: string, to: string, words: Record<string, string | number>): Promise<void> {
  const text = await readFile(here + name, 'utf8');
  await writeFile(
    to,
    text.replace(/@([A-Z_]+)@/g, (_, word: string) => String(words[word])),
  );
}

async function need(...paths: string[]): Promise<void> {
  for (const path of paths) await access(path).catch(() => Promise.reject(new Error(`${path} is not installed`)));
}

async function newest(folder: string, start: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const found = names
    .filter((name) => name.startsWith(start))
    .sort()
    .at(-1);
  if (found === undefined) throw new Error(`${start.replace(/-$/, '')} is not installed`);
  return `${folder}/${found}`;
}

export async function startMosquitto(): Promise<Peer> {
  await need('/usr/sbin/mosquitto');
  const [folder, port] = [await makeFolder(), await freePort()];
  await configure('mosquitto.conf', `${folder}/mosquitto.conf`, { PORT: port });
  const child = spawn('/usr/sbin/mosquitto', ['-c', `${folder}/mosquitto.conf`], { stdio: 'ignore' });
  await listening(port, child);
  return { port, pids: [child.pid as number], close: () => closing(folder, () => end(child)) };
}

/** `names`: who will log in; they are registered before it starts. */
export async function startProsody(names: readonly string[]): Promise<Peer> {
  await need('/usr/bin/prosody');
  const [folder, port] = [await makeFolder(), await freePort()];
  await configure('prosody.cfg.lua', `${folder}/prosody.cfg.lua`, { PORT: port, FOLDER: folder });
  const accounts = `${folder}/data/localhost/accounts`;
  await mkdir(accounts, { recursive: true });
  for (const name of names)
    await writeFile(`${accounts}/${name.replaceAll('-', '%2d')}.dat`, 'return { ["password"] = "p4ssword"; };\n');
  const child = spawn('/usr/bin/prosody', ['--config', `${folder}/prosody.cfg.lua`, '-F'], { stdio: 'ignore' });
  await listening(port, child);
  return { port, pids: [child.pid as number], close: () => closing(folder, () => end(child)) };
}

/** With its archive in a PostgreSQL of its own, whose CPU counts too. */
export async function startEjabberd(): Promise<Peer> {
  await need('/usr/bin/erl', '/usr/share/ejabberd/sql/pg.sql');
  const libraries = '/usr/lib/x86_64-linux-gnu';
  const ebin = `${await newest(libraries, 'ejabberd-')}/ebin`;
  const database = await startPostgres();
  const [folder, port] = [await makeFolder(), await freePort()];
  try {
    await database.sql('postgres', ['-c', 'create database ejabberd']);
    await database.sql('ejabberd', ['-f', '/usr/share/ejabberd/sql/pg.sql']);
    await configure('ejabberd.yml', `${folder}/ejabberd.yml`, { PORT: port, SQL_PORT: database.port });
    const child = spawn(
      '/usr/bin/erl',
      ['-noinput', '+K', 'true', '+P', '250000', '-pa', ebin, '-mnesia', 'dir', `"${folder}/mnesia"`]
        .concat(['-ejabberd', 'config', `"${folder}/ejabberd.yml"`, 'log_path', `"${folder}/ejabberd.log"`])
        .concat(['-s', 'ejabberd']),
      { stdio: 'ignore', cwd: folder, env: { ...process.env, ERL_LIBS: libraries, HOME: folder } },
    );
    await listening(port, child);
    return {
      port,
      pids: [child.pid as number, ...database.pids],
      close: () => closing(folder, () => end(child).then(database.close)),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

export type Postgres = Peer & { sql(database: string, args: readonly string[]): Promise<unknown> };

/** A database cluster of the bench's own with the settings it comes with: every commit waits for the disk. */
export async function startPostgres(): Promise<Postgres> {
  const bin = `${await newest('/usr/lib/postgresql', '')}/bin`;
  const [folder, port] = [await makeFolder(), await freePort()];
  // It refuses to run as root: then it runs as the user that its package made.
  const user = process.getuid?.() === 0 ? await idsOf('postgres') : {};
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid as number);
  await chmod(folder, 0o700);
  const data = `${folder}/data`;
  await run(`${bin}/initdb`, ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8'], { ...user, cwd: folder });
  const child = spawn(`${bin}/postgres`, ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  await listening(port, child);
  const to = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres'];
  // It listens a moment before it serves.
  for (let n = 0; n < 100 && !(await run(`${bin}/pg_isready`, to).catch(() => undefined)); n += 1) await wait(50);
  return {
    port,
    pids: [child.pid as number],
    sql: (database, args) => run(`${bin}/psql`, ['-q', '-v', 'ON_ERROR_STOP=1', ...to, '-d', database, ...args]),
    close: () => closing(folder, () => end(child, 'SIGINT')),
  };
}

async function idsOf(name: string): Promise<{ uid?: number; gid?: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
  );
  return { uid, gid };
}

async function closing(folder: string, stop: () => Promise<void>): Promise<void> {
  await stop();
  await rm(folder, { recursive: true, force: true });
}
