// Puts a backup back. Everything is copied in aside and only then moved to its place, all inside the data folder: it may
// be a mount of its own. An interruption loses nothing; the command is given again.
import { copyFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readConfig } from '../config.ts';
import type { Secret } from '../secret.ts';
import { checkDatabase } from '../store/sqlite/backup.ts';
import { lockDataFolder } from '../store/sqlite/lock.ts';
import { type BackupMark, copySecrets, copyUploads, dumpPath, entries, markPath } from './backup.ts';
import { assertEmpty, loadDatabase } from './dump.ts';
import { type Io, OperatorError } from './io.ts';
import { databasePath } from './open-store.ts';
import { readOptions, words } from './options.ts';

const incoming = '.restoring';
const lockFile = /^server\.lock/;

/** Refuses while a server runs, and over present data unless `--force` says to set that aside. */
export async function restore(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readOptions(args, { force: { type: 'boolean' } });
  const folder = resolve(words(positionals, 'folder')[0] ?? '');
  const { dataDir, databaseUrl } = readConfig(io.env);
  const mark = await readMark(folder);
  await assertUsable(folder, mark, databaseUrl);

  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = takeLock(dataDir);
  try {
    await rm(join(dataDir, incoming), { recursive: true, force: true });
    const present = (await entries(dataDir)).filter(
      (name) => !lockFile.test(name) && !name.startsWith('before-restore-'),
    );
    if (present.length > 0 && !values.force) {
      throw new OperatorError(`${dataDir} is not empty: --force sets its data aside before restoring`);
    }
    await copyIn(folder, join(dataDir, incoming), mark);
    if (present.length > 0) io.out(`the data that was there is now in ${await setAside(dataDir, present)}`);
    await moveAll(join(dataDir, incoming), dataDir);
    await rm(join(dataDir, incoming), { recursive: true });
    if (databaseUrl) await loadDatabase(io, databaseUrl, dumpPath(folder));
  } finally {
    lock.release();
  }
  io.out(`restored the backup of ${mark.at} into ${dataDir}`);
  return 0;
}

async function assertUsable(folder: string, mark: BackupMark, databaseUrl: Secret | undefined): Promise<void> {
  if (mark.database === 'postgres') {
    if (databaseUrl) return assertEmpty(databaseUrl);
    throw new OperatorError('this backup is of a PostgreSQL database: HONGYAN_DATABASE_URL says where it goes, set it');
  }
  if (databaseUrl)
    throw new OperatorError(
      'this backup is of an embedded database: restore it without HONGYAN_DATABASE_URL, then `hongyan move` takes it there',
    );
  const report = await checkDatabase(databasePath(folder));
  if (!report.ok) throw new OperatorError(`the backup's database cannot be used: ${report.problems.join('; ')}`);
}

async function readMark(folder: string): Promise<BackupMark> {
  try {
    return JSON.parse(await readFile(markPath(folder), 'utf8')) as BackupMark;
  } catch {
    throw new OperatorError(`${folder} is not a whole backup: it has no backup.json`);
  }
}

function takeLock(dataDir: string) {
  try {
    return lockDataFolder(dataDir);
  } catch {
    throw new OperatorError(`a server is using ${dataDir}: stop it first`);
  }
}

async function copyIn(from: string, to: string, mark: BackupMark): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  if (mark.database === undefined) await copyDatabase(from, to);
  await copyUploads(from, to);
  await copySecrets(from, to);
}

async function copyDatabase(from: string, to: string): Promise<void> {
  await copyFile(databasePath(from), databasePath(to));
  const database = await open(databasePath(to), 'r');
  try {
    await database.sync();
  } finally {
    await database.close();
  }
}

async function setAside(dataDir: string, names: readonly string[]): Promise<string> {
  const aside = join(dataDir, `before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  await mkdir(aside, { mode: 0o700 });
  for (const name of names) await rename(join(dataDir, name), join(aside, name));
  return aside;
}

/** The database last: a folder without one is not served from by mistake, it is restored again. */
async function moveAll(from: string, to: string): Promise<void> {
  const names = await entries(from);
  const last = names.filter((name) => name.endsWith('.db'));
  for (const name of [...names.filter((one) => !last.includes(one)), ...last])
    await rename(join(from, name), join(to, name));
}
