// The thread for what must hold up neither commits nor the event loop: it moves the log into the database (a passive
// checkpoint lets the writer go on), and copies the database. Started by keeper.ts and backup.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { type Connection, connectReader, connectWriter } from './connection.ts';

export type KeeperCall =
  | { readonly act: 'checkpoint' }
  | { readonly act: 'close' }
  | { readonly act: 'copy'; readonly to: string };
/** Pages in the log, and how many of them have been moved. */
export type KeeperAnswer =
  | { readonly ok: true; readonly log: number; readonly moved: number }
  | { readonly ok: false; readonly message: string };

if (!parentPort) throw new Error('keeper-thread.ts runs as a worker thread only');
const port = parentPort;
const { path } = workerData as { path: string };
let connection: Connection | undefined;

function checkpoint(): KeeperAnswer {
  connection ??= connectWriter(path, 0);
  const row = connection.one<{ log: number; checkpointed: number }>('pragma wal_checkpoint(passive)', []);
  return { ok: true, log: row?.log ?? 0, moved: row?.checkpointed ?? 0 };
}

/** One read transaction: the copy is the database as it was at one moment, whatever is written meanwhile. */
function copy(to: string): KeeperAnswer {
  const reader = connectReader(path);
  try {
    reader.db.exec('pragma query_only = 0');
    reader.run('vacuum into ?', [to]);
  } finally {
    reader.close();
  }
  return { ok: true, log: 0, moved: 0 };
}

port.on('message', (call: KeeperCall) => {
  if (call.act === 'close') {
    connection?.close();
    port.close();
    return;
  }
  try {
    port.postMessage(call.act === 'checkpoint' ? checkpoint() : copy(call.to));
  } catch (error) {
    port.postMessage({ ok: false, message: (error as Error).message } satisfies KeeperAnswer);
  }
});
