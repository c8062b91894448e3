// Copies of a database, and what has to be known of a copy before it is put back.
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { newestVersion } from '../sql/migrations/all.ts';
import type { Copy, CopyAnswer } from './copy-thread.ts';
import { versionOf } from './migrate.ts';
import { threadUrl } from './thread.ts';

/**
 * Copies the database at `from` to the new file `to`: consistent, whatever is written meanwhile, and durable when the
 * promise resolves. The work is done in a thread. Rejects when `to` exists.
 */
export async function backupDatabase(from: string, to: string): Promise<void> {
  await stat(from);
  if (await exists(to)) throw new Error(`${to} exists`);
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { force: true });
  try {
    await copyInThread(from, unfinished);
    await sync(unfinished);
    await rename(unfinished, to);
    await sync(dirname(to));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

export type DatabaseReport = {
  readonly ok: boolean;
  /** Migrations the database has seen; 0: not a database of this server. */
  readonly version: number;
  readonly newestVersion: number;
  /** What is wrong; empty when nothing is. */
  readonly problems: readonly string[];
};

/** Whether the file at `path` can be served from: whole, ours, and not from a newer server. Reads all of it. */
export async function checkDatabase(path: string): Promise<DatabaseReport> {
  let db: DatabaseSync | undefined;
  try {
    await stat(path);
    db = new DatabaseSync(path, { readOnly: true });
    const version = versionOf(db);
    const problems: string[] = [];
    if (version === 0) problems.push('this is not a database of this server');
    if (version > newestVersion)
      problems.push(`written by a newer server (version ${version}, known up to ${newestVersion})`);
    for (const row of db.prepare('pragma integrity_check(20)').all() as { integrity_check: string }[]) {
      if (row.integrity_check !== 'ok') problems.push(row.integrity_check);
    }
    return { ok: problems.length === 0, version, newestVersion, problems };
  } catch (error) {
    return { ok: false, version: 0, newestVersion, problems: [(error as Error).message] };
  } finally {
    db?.close();
  }
}

async function copyInThread(from: string, to: string): Promise<void> {
  const worker = new Worker(threadUrl('copy-thread'), { workerData: { from, to } satisfies Copy });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the copying thread has ended')));
      worker.once('message', (answer: CopyAnswer) => (answer.ok ? resolve() : reject(new Error(answer.message))));
    });
  } finally {
    await worker.terminate();
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
