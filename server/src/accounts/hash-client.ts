// The main thread's end of the threads that hash. A thread is started when it is needed first, and again after it died.
import { Worker } from 'node:worker_threads';
import type { HashAnswer, HashCall } from './hash-thread.ts';

export type Hasher = {
  /** One call at a time: the caller keeps the queue. */
  call(call: HashCall): Promise<string | boolean>;
  close(): Promise<void>;
};

/** Worker files carry the extension of the file that starts them: .ts in the sources, .js in the published package. */
const url = new URL(`./hash-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export function openHasher(): Hasher {
  let worker: Worker | undefined;
  let settle: ((answer: HashAnswer) => void) | undefined;

  function start(): Worker {
    const started = new Worker(url);
    started.unref();
    const answer = (value: HashAnswer) => {
      const waiting = settle;
      settle = undefined;
      waiting?.(value);
    };
    started.on('message', answer);
    const gone = (reason: string) => {
      if (worker === started) worker = undefined;
      answer({ failed: reason });
    };
    started.on('error', (error) => gone(error.message));
    started.on('exit', () => gone('the thread that hashes has ended'));
    return started;
  }

  return {
    async call(call) {
      worker ??= start();
      const port = worker;
      // What waits for an answer stays; what has nothing to do may end.
      port.ref();
      const answer = await new Promise<HashAnswer>((resolve) => {
        settle = resolve;
        port.postMessage(call);
      });
      port.unref();
      if ('failed' in answer) throw new Error(answer.failed);
      return answer.value;
    },
    async close() {
      await worker?.terminate();
    },
  };
}
