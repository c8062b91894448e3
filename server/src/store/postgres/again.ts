// What is tried again, how often, and what the caller hears when it did not help.
import { setTimeout as wait } from 'node:timers/promises';
import { ImError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import { unavailable } from '../committer.ts';
import { isAgain, isUnable } from './pool.ts';

/** Nobody knows whether it was committed: it is not done again, and nobody is told that it was kept. */
export class Uncertain extends Error {
  override readonly name = 'Uncertain';
}

/** Longer every time, and not the same for everybody. */
export const breath = (attempt: number): Promise<void> =>
  wait(limits.databaseAgainMs * 2 ** (attempt - 1) * (0.5 + Math.random()));

/** What a failure is to the core. */
export function told(what: string, error: unknown): Error {
  if (error instanceof ImError) return error;
  if (error instanceof Uncertain || isUnable(error)) return unavailable('database', error);
  return new Error(`${what}: ${(error as Error).message}`, { cause: error });
}

/** Does `work` until it succeeds, or it makes no sense to try again, or that took too long. */
export async function trying<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const hopeless = error instanceof ImError || error instanceof Uncertain || !isAgain(error);
      const late = attempt >= limits.databaseTriesMax || performance.now() - started > limits.databaseConnectMsMax;
      if (hopeless || late) throw told(what, error);
    }
    await breath(attempt);
  }
}
