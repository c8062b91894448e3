// The thread that copies a database, so that neither commits nor the event loop wait for it. Started by backup.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { connectReader } from './connection.ts';

export type Copy = { readonly from: string; readonly to: string };
export type CopyAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** One read transaction: the copy is the database as it was at one moment, whatever is written meanwhile. */
function copy({ from, to }: Copy): CopyAnswer {
  try {
    const reader = connectReader(from);
    try {
      reader.run('vacuum into ?', [to]);
    } finally {
      reader.close();
    }
    return { ok: true };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

if (!parentPort) throw new Error('copy-thread.ts runs as a worker thread only');
parentPort.postMessage(copy(workerData as Copy));
