// Keeps the log short without making commits wait: after enough writes, or a moment after the last, a thread of its own
// moves the log into the database. Under steady load it never catches the end of the log, so the writer is asked to
// move the short rest between two batches; then the log starts anew.
import { Worker } from 'node:worker_threads';
import type { Log } from '../../core/ports/log.ts';
import type { KeeperAnswer, KeeperCall } from './keeper-thread.ts';
import { threadUrl } from './thread.ts';

/** Writes between two checkpoints under load, and the rest after the last write. */
const writesBetween = 4_000;
const idleMs = 2_000;
/** Pages of log (4 KiB each) above which the writer moves the rest itself. */
const logPagesMax = 8_000;

export type Keeper = { wrote(writes: number): void; close(): Promise<void> };

export function startKeeper(path: string, log: Log, finish: () => void): Keeper {
  const worker = new Worker(threadUrl('keeper-thread'), { workerData: { path } });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('error', (error) =>
    log.error({ err: error }, 'the checkpoint thread has ended; commits make checkpoints themselves'),
  );
  worker.unref();
  let writes = 0;
  let busy = false;
  let timer: NodeJS.Timeout | undefined;

  const checkpoint = () => {
    clearTimeout(timer);
    timer = undefined;
    if (busy || writes === 0) return;
    writes = 0;
    busy = true;
    worker.postMessage({ act: 'checkpoint' } satisfies KeeperCall);
  };
  worker.on('message', (answer: KeeperAnswer) => {
    busy = false;
    if (!answer.ok) log.warn({ reason: answer.message }, 'checkpoint failed');
    else if (answer.log > logPagesMax && answer.moved < answer.log) finish();
  });

  return {
    wrote(count) {
      writes += count;
      if (writes >= writesBetween) checkpoint();
      else timer ??= setTimeout(checkpoint, idleMs).unref();
    },
    async close() {
      clearTimeout(timer);
      worker.postMessage({ act: 'close' } satisfies KeeperCall);
      await exited;
    },
  };
}
