// Blobs as files below one folder. A file appears under its path only when it is whole and durable: it is written
// aside, in the same file system, and renamed.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { isUploadPath } from '../core/attachments/paths.ts';
import type { Blobs } from '../core/ports/blobs.ts';
import type { Log } from '../core/ports/log.ts';

const tempFolder = '.incoming';

/** Opens the folder, creating it where needed, and clears away what a killed process left half written. */
export async function openDiskBlobs({ dir: folder, log }: { dir: string; log: Log }): Promise<Blobs> {
  await mkdir(join(folder, tempFolder), { recursive: true, mode: 0o700 });
  const swept = await sweep(join(folder, tempFolder));
  if (swept > 0) log.info({ swept }, 'half-written uploads of a dead process are cleared away');
  return {
    write: (path, source) => write(folder, path, source),
    read: (path, range) => read(folder, path, range),
    remove: (paths) => remove(folder, paths),
  };
}

async function write(folder: string, path: string, source: Readable): Promise<{ bytes: number }> {
  const target = join(folder, checked(path));
  const temp = join(folder, tempFolder, `${process.pid}.${randomBytes(8).toString('hex')}`);
  try {
    const bytes = await fill(temp, source);
    const parent = dirname(target);
    const made = await mkdir(parent, { recursive: true, mode: 0o700 });
    await rename(temp, target);
    await syncFolder(parent);
    if (made !== undefined) await syncFolder(folder);
    return { bytes };
  } catch (error) {
    source.destroy();
    await rm(temp, { force: true });
    throw error;
  }
}

async function fill(temp: string, source: Readable): Promise<number> {
  const file = await open(temp, 'wx', 0o600);
  try {
    let bytes = 0;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

async function read(
  folder: string,
  path: string,
  range?: { start: number; end: number },
): Promise<Readable | undefined> {
  if (!isUploadPath(path)) return undefined;
  try {
    const file = await open(join(folder, path), 'r');
    return file.createReadStream({ ...range, autoClose: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function remove(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (!isUploadPath(path)) continue;
    await unlink(join(folder, path)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

/** Paths come from the core; a wrong one is a mistake in the program, and must not reach the disk. */
function checked(path: string): string {
  if (!isUploadPath(path)) throw new TypeError('not the path of an upload');
  return path;
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** A name in a folder is durable only when the folder is. Windows has no such call and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes what dead processes left; our own number can only be that of a predecessor, we have not begun. */
async function sweep(folder: string): Promise<number> {
  let swept = 0;
  for (const name of await readdir(folder)) {
    const pid = Number(name.split('.', 1)[0]);
    if (pid !== process.pid && isAlive(pid)) continue;
    await rm(join(folder, name), { force: true });
    swept += 1;
  }
  return swept;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
