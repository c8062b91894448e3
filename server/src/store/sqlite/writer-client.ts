// The main thread's end of the writer's thread.
import { Worker } from 'node:worker_threads';
import type { BatchAnswer } from '../committer.ts';
import { threadUrl } from './thread.ts';
import type { WriterCall, WriterStart } from './writer-thread.ts';

export type WriterClient = {
  commit(batch: string): Promise<BatchAnswer>;
  close(): Promise<void>;
};

/** `died` is told once when the thread ends without being asked to; from then on every commit fails. */
export function startWriter(start: WriterStart, died: (error: Error) => void): WriterClient {
  const worker = new Worker(threadUrl('writer-thread'), { workerData: start });
  const waiting: ((answer: BatchAnswer) => void)[] = [];
  let closing = false;
  let dead: Error | undefined;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const fail = (error: Error) => {
    if (dead) return;
    dead = error;
    // What was under way may or may not have been kept; nobody is told that it was.
    for (const resolve of waiting.splice(0)) resolve({ failed: error.message });
    if (!closing) died(error);
  };
  worker.on('error', fail);
  void exited.then(() => fail(new Error('the writer has ended')));
  // Batches are answered in the order they were sent.
  worker.on('message', (answer: string) => waiting.shift()?.(JSON.parse(answer) as BatchAnswer));

  const call = (message: WriterCall) => worker.postMessage(message);
  return {
    commit(batch) {
      if (dead) return Promise.resolve({ failed: dead.message });
      call({ batch });
      return new Promise((resolve) => waiting.push(resolve));
    },
    async close() {
      closing = true;
      call({ act: 'close' });
      await exited;
    },
  };
}
