// So many at once, the others in a row that is bounded in number and in time.
import { limits } from '../../core/limits.ts';
import { unavailable } from '../committer.ts';

export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

type Waiting = { go(): void };

export function openGate(most: number, waitMs: number = limits.databaseWaitMsMax): Gate {
  const waiting = new Set<Waiting>();
  let inside = 0;

  /** Resolves when it is one's turn. */
  function enter(): Promise<void> | undefined {
    if (inside < most) {
      inside++;
      return undefined;
    }
    if (waiting.size >= limits.commitQueueMax) return Promise.reject(unavailable('busy'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(one);
        reject(unavailable('slow'));
      }, waitMs);
      const one: Waiting = {
        go() {
          clearTimeout(timer);
          resolve();
        },
      };
      waiting.add(one);
    });
  }

  /** The place goes to the next, if there is one. */
  function leave(): void {
    for (const next of waiting) {
      waiting.delete(next);
      next.go();
      return;
    }
    inside--;
  }

  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
