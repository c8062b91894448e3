// Work that must not take the machine away from those who are talking: a few at once, a bounded number waiting, in order.
import { ImError } from '../core/errors.ts';

export type Queue = {
  /** Throws `unavailable` at once when too many are waiting. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs any more; whoever still waits hears `unavailable`. */
  close(): Promise<void>;
};

export function openQueue({ atOnce, waitingMax }: { atOnce: number; waitingMax: number }): Queue {
  const waiting: { start(): void; refuse(error: ImError): void }[] = [];
  let running = 0;
  let idle: (() => void) | undefined;
  let closed = false;

  const next = (): void => {
    running -= 1;
    waiting.shift()?.start();
    if (running === 0) idle?.();
  };

  return {
    async run(work) {
      if (closed) throw closing();
      if (running >= atOnce) {
        if (waiting.length >= waitingMax)
          throw new ImError('unavailable', 'too many are logging in: try again in a moment', { max: waitingMax });
        await new Promise<void>((resolve, reject) => {
          waiting.push({
            start() {
              running += 1;
              resolve();
            },
            refuse: reject,
          });
        });
      } else running += 1;
      try {
        return await work();
      } finally {
        next();
      }
    },
    async close() {
      closed = true;
      for (const { refuse } of waiting.splice(0)) refuse(closing());
      if (running > 0) await new Promise<void>((resolve) => (idle = resolve));
    },
  };
}

const closing = (): ImError => new ImError('unavailable', 'the server is closing');
