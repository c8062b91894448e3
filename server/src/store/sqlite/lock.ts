// One server to a data folder. The lock is an open exclusive transaction on a small database of its own: the kernel
// frees it when the process ends, however it ends.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type FolderLock = { release(): void };

/** Takes the lock of the folder `dir`, which must exist. Throws when another process has it. */
export function lockDataFolder(dir: string): FolderLock {
  const db = new DatabaseSync(join(dir, 'server.lock'), { timeout: 0 });
  try {
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    throw new Error(`another server is using the data folder ${dir}`, { cause: error });
  }
  return {
    release: () => {
      if (db.isOpen) db.close();
    },
  };
}
