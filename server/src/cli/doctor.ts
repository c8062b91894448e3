// Looks whether everything a server needs is in order, and says what to do where it is not. Changes nothing.

import { X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { shownDatabase } from '../config-database.ts';
import { readTlsPair } from '../http/tls.ts';
import type { Secret } from '../secret.ts';
import { checkDatabase } from '../store/sqlite/backup.ts';
import type { Io } from './io.ts';
import { databasePath } from './open-store.ts';
import { readOptions, words } from './options.ts';

/** `todo` is there when something is wrong. */
type Finding = { readonly what: string; readonly found: string; readonly todo?: string };

const nodeMajorMin = 24;
const freeBytesMin = 1024 ** 3;
const dayMs = 86_400_000;
/** Windows and lifetimes are counted by the servers' clocks, times of messages by the database's. */
const clockApartMsMax = 5_000;

/** Exit code 1 when there is a problem. */
export async function doctor(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' } });
  words(positionals);
  const findings = await examine(io);
  const problems = findings.filter((finding) => finding.todo !== undefined).length;
  if (values.json) {
    io.out(JSON.stringify({ ok: problems === 0, findings }, null, 2));
  } else {
    for (const { what, found, todo } of findings)
      io.out(
        `${todo === undefined ? 'ok     ' : 'PROBLEM'}  ${what}: ${found}${todo === undefined ? '' : `\n         → ${todo}`}`,
      );
    io.out(problems === 0 ? 'Everything is in order.' : `${problems} to mend.`);
  }
  return problems === 0 ? 0 : 1;
}

async function examine(io: Io): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(io.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((found) => ({ what: 'configuration', found, todo: 'correct the variable' }));
  }
  return [
    node(),
    ...(await Promise.all([
      dataFolder(config),
      freeDisk(config),
      database(config),
      clock(config),
      port(config),
      ...(config.tls ? [tls(config.tls)] : []),
      ...(config.s3 ? [bucket(config.s3)] : []),
      ...(config.nats ? [bus(config.nats)] : []),
      ...(config.nats && !config.s3 ? [sharedUploads(config)] : []),
    ])),
  ];
}

function node(): Finding {
  const found = process.versions.node;
  const fits = Number(found.split('.')[0]) >= nodeMajorMin;
  return { what: 'Node', found, ...(fits ? {} : { todo: `install Node ${nodeMajorMin} or newer` }) };
}

async function dataFolder({ dataDir }: Config): Promise<Finding> {
  const what = 'data folder';
  try {
    const folder = await nearestFolder(dataDir);
    if (folder !== dataDir) {
      await access(folder, constants.W_OK);
      return { what, found: `${dataDir} is made at the first start` };
    }
    const trial = await mkdtemp(join(dataDir, '.doctor-'));
    await rm(trial, { recursive: true });
    const { mode } = await stat(dataDir);
    if (process.platform !== 'win32' && mode & 0o007)
      return { what, found: `${dataDir} can be entered by every user of this machine`, todo: `chmod 700 ${dataDir}` };
    return { what, found: `${dataDir} is writable` };
  } catch (error) {
    return {
      what,
      found: (error as Error).message,
      todo: 'give the server an account that may write there, or set HONGYAN_DATA',
    };
  }
}

async function freeDisk({ dataDir }: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestFolder(dataDir));
  const found = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
  return {
    what: 'disk',
    found,
    ...(bavail * bsize < freeBytesMin ? { todo: 'make room: a full disk stops every message' } : {}),
  };
}

async function database({ dataDir, databaseUrl }: Config): Promise<Finding> {
  const what = 'database';
  if (databaseUrl) return sharedDatabase(databaseUrl);
  const path = databasePath(dataDir);
  if (!(await isThere(path))) return { what, found: 'is made at the first start' };
  const { ok, version, problems } = await checkDatabase(path);
  if (ok) return { what, found: `whole, version ${version}` };
  return {
    what,
    found: problems.join('; '),
    todo: 'stop the server, keep a copy of the data folder, and restore the last backup',
  };
}

/** Reached, written with this server's tables or empty, and by its clock not far from ours. */
async function sharedDatabase(url: Secret): Promise<Finding> {
  const what = 'database';
  const { examineDatabase } = await import('../store/postgres/examine.ts');
  try {
    const { server, version, newest, clockAheadMs, standby } = await examineDatabase(url.reveal());
    const found = `${shownDatabase(url)}, PostgreSQL ${server}, ${version === 0 ? 'empty' : `version ${version}`}`;
    if (standby) return { what, found: `${found}, a standby`, todo: 'name the primary: nothing can be written here' };
    if (version > newest) return { what, found, todo: `run the newer server: this one knows up to ${newest}` };
    if (Math.abs(clockAheadMs) > clockApartMsMax)
      return { what, found: `${found}, its clock is ${clockAheadMs} ms ahead of ours`, todo: 'set the clocks (NTP)' };
    return { what, found };
  } catch (error) {
    return {
      what,
      found: `${shownDatabase(url)}: ${(error as Error).message}`,
      todo: 'start PostgreSQL, or correct HONGYAN_DATABASE_URL',
    };
  }
}

/** A clock that was put back gives new messages times before old ones. */
async function clock({ dataDir }: Config): Promise<Finding> {
  const what = 'clock';
  const now = Date.now();
  const [ours, data] = await Promise.all([
    stat(new URL(import.meta.url)),
    stat(databasePath(dataDir)).catch(() => undefined),
  ]);
  const latest = Math.max(data?.mtimeMs ?? 0, Math.min(ours.mtimeMs, now + dayMs * 2));
  const found = new Date(now).toISOString();
  if (latest > now + dayMs / 24)
    return {
      what,
      found: `${found}, but there are files from ${new Date(latest).toISOString()}`,
      todo: 'set the clock (NTP)',
    };
  return { what, found };
}

async function port({ host, port: wanted, tls }: Config): Promise<Finding> {
  const what = 'port';
  const found = await bindable(host, wanted);
  if (found === 'free') return { what, found: `${host}:${wanted} is free` };
  if (found !== 'EADDRINUSE')
    return { what, found: `${host}:${wanted}: ${found}`, todo: 'choose another HONGYAN_HOST or HONGYAN_PORT' };
  const scheme = tls ? 'https' : 'http';
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `${scheme}://${near.includes(':') ? `[${near}]` : near}:${wanted}/readyz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) }).then(
    (response) => response.json(),
    () => undefined,
  );
  const status = (answer as { status?: string } | undefined)?.status;
  if (status === 'ready') return { what, found: `a server answers at ${url}` };
  if (status === 'not ready')
    return { what, found: `a server answers at ${url}, but is not ready`, todo: 'read its log' };
  // A certificate that this machine does not trust keeps us from asking; that is no fault of the server.
  if (tls) return { what, found: `${host}:${wanted} is in use, by an HTTPS server that could not be asked` };
  return { what, found: `${host}:${wanted} is in use, by something else`, todo: 'stop it, or set HONGYAN_PORT' };
}

function bindable(host: string, wanted: number): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port: wanted }, () => server.close(() => resolve('free')));
  });
}

async function tls(files: NonNullable<Config['tls']>): Promise<Finding> {
  const what = 'TLS';
  try {
    const { cert } = await readTlsPair(files);
    const { validToDate, subject } = new X509Certificate(cert);
    const days = Math.floor((validToDate.getTime() - Date.now()) / dayMs);
    const found = `${subject.replaceAll('\n', ' ')}, valid for ${days} days`;
    return { what, found, ...(days < 7 ? { todo: 'renew the certificate' } : {}) };
  } catch (error) {
    return {
      what,
      found: (error as Error).message,
      todo: 'HONGYAN_TLS_CERT and HONGYAN_TLS_KEY are PEM files that belong together and that the server may read',
    };
  }
}

/** Whether others see it too cannot be found out from here. */
const sharedUploads = ({ dataDir }: Config): Finding => ({
  what: 'uploads',
  found: `are kept in ${join(dataDir, 'uploads')}: every node must see this folder, or set HONGYAN_S3_BUCKET`,
});

/** Writes, reads and removes a small object, as an upload would be. */
async function bucket(s3: NonNullable<Config['s3']>): Promise<Finding> {
  const what = 'object storage';
  const place = `bucket ${s3.bucket}${s3.endpoint === undefined ? '' : ` at ${s3.endpoint}`}`;
  const { tryS3 } = await import('../blobs/s3.ts');
  try {
    await tryS3(s3);
    return { what, found: `${place} can be written, read and cleared` };
  } catch (error) {
    const { name, message } = error as Error;
    return {
      what,
      found: `${place}: ${[name, message].filter((part) => part && part !== 'Error').join(': ')}`,
      todo: 'check HONGYAN_S3_ENDPOINT, the bucket, and what the key may do there: put, get and delete objects',
    };
  }
}

async function bus(nats: NonNullable<Config['nats']>): Promise<Finding> {
  const what = 'NATS';
  const { tryNats } = await import('../bus/try-nats.ts');
  try {
    const { server } = await tryNats({ ...nats, pass: nats.pass?.reveal(), token: nats.token?.reveal() }, nats.prefix);
    return { what, found: `${server} passes on what is said under ${nats.prefix}` };
  } catch (error) {
    const found = `${nats.servers.join(', ')}: ${(error as Error).message}`;
    return { what, found, todo: 'check HONGYAN_NATS_URL, and what the account may publish and subscribe to' };
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function nearestFolder(path: string): Promise<string> {
  return (await isThere(path)) || dirname(path) === path ? path : nearestFolder(dirname(path));
}
