// A backup is a folder: the database as of one moment (the file of an embedded one, a dump of PostgreSQL), the uploads,
// the secrets, and `backup.json`, which is written last and so says that the rest is whole.
import { constants } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readConfig } from '../config.ts';
import { adminTokenPath, demoKeysPath, keysPath } from '../keys.ts';
import { backupDatabase, checkDatabase } from '../store/sqlite/backup.ts';
import { dumpDatabase } from './dump.ts';
import { type Io, OperatorError } from './io.ts';
import { databasePath, uploadsPath } from './open-store.ts';
import { readOptions, words } from './options.ts';

export const markPath = (folder: string): string => join(folder, 'backup.json');
export const dumpPath = (folder: string): string => join(folder, 'hongyan.dump');
export type BackupMark = {
  readonly format: 1;
  /** Absent: embedded. */
  readonly database?: 'postgres';
  readonly at: string;
  readonly databaseVersion: number;
  readonly uploads: number;
};

/** Works while a server serves. Uploads are copied after the database, so every row of it finds its file. */
export async function backup(args: readonly string[], io: Io): Promise<number> {
  const [name = ''] = words(readOptions(args, {}).positionals, 'folder');
  const { dataDir, databaseUrl, s3 } = readConfig(io.env);
  const folder = resolve(name);
  if (!databaseUrl && !(await isThere(databasePath(dataDir))))
    throw new OperatorError(`there is no data in ${dataDir}: set HONGYAN_DATA`);
  if ((await entries(folder)).length > 0)
    throw new OperatorError(`${folder} is not empty: name a new folder for each backup`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);

  const databaseVersion = databaseUrl
    ? await dumpDatabase(io, databaseUrl, dumpPath(folder))
    : await copyDatabase(dataDir, folder);
  const uploads = await copyUploads(dataDir, folder);
  await copySecrets(dataDir, folder);
  const mark: BackupMark = {
    format: 1,
    ...(databaseUrl ? { database: 'postgres' } : {}),
    at: new Date().toISOString(),
    databaseVersion,
    uploads,
  };
  await writeFile(markPath(folder), `${JSON.stringify(mark, null, 2)}\n`, { mode: 0o600 });
  io.out(`backed up to ${folder}: the database and ${uploads} uploaded files`);
  if (s3) io.out(`NOT in it: uploads in the bucket ${s3.bucket}. Keep versions or copies of it by its own means.`);
  return 0;
}

/** Answers its version. */
async function copyDatabase(dataDir: string, folder: string): Promise<number> {
  await backupDatabase(databasePath(dataDir), databasePath(folder));
  const report = await checkDatabase(databasePath(folder));
  if (!report.ok) throw new OperatorError(`the copy of the database is not sound: ${report.problems.join('; ')}`);
  return report.version;
}

/** Both ways. Names that begin with a dot are uploads in the making. Returns the number of files. */
export async function copyUploads(from: string, to: string): Promise<number> {
  if (!(await isThere(uploadsPath(from)))) return 0;
  let count = 0;
  await cp(uploadsPath(from), uploadsPath(to), {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: async (source) => {
      if (basename(source).startsWith('.')) return false;
      const found = await stat(source).catch(() => undefined);
      if (found?.isFile()) count += 1;
      return found !== undefined;
    },
  });
  return count;
}

export async function copySecrets(from: string, to: string): Promise<void> {
  for (const path of [keysPath, demoKeysPath, adminTokenPath]) {
    if (!(await isThere(path(from)))) continue;
    await copyFile(path(from), path(to));
    await chmod(path(to), 0o600);
  }
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Names in a folder; none when there is no such folder. */
export async function entries(folder: string): Promise<string[]> {
  return (await isThere(folder)) ? readdir(folder) : [];
}
