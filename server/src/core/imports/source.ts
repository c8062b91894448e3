// What an import is done with: somewhere to ask, somewhere to say how it goes.
import type { App } from '../apps/app.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { Store } from '../ports/store.ts';
import type { Taken } from './import.ts';

/** Asks the source politely: paced, tried again. Throws SourceError for an answer that says no. */
export type Pull = (path: string, query?: Readonly<Record<string, string | number>>) => Promise<Json>;

export class SourceError extends Error {
  override readonly name = 'SourceError';
  /** HTTP status. */
  readonly status: number;
  readonly body: Json;

  constructor(path: string, status: number, body: Json) {
    super(`${path} ${status === 0 ? 'had no answer' : `was answered with ${status}`}${textOf(body)}`);
    this.status = status;
    this.body = body;
  }
}

const textOf = (body: Json): string => (body === null ? '' : `: ${JSON.stringify(body).slice(0, 200)}`);

/** How the work stands, for whoever watches. */
export type Progress = {
  /** `total`: how many there will be, where that is known or can be guessed. */
  stage(name: string, total?: number): void;
  took(taken: Taken): void;
  /** Of the stage's work this part is behind us, 0 to 1. */
  reached(fraction: number): void;
  say(line: string): void;
};

export type ImportJob = {
  readonly core: { readonly store: Store; readonly passwords: Passwords; readonly clock: Clock };
  readonly app: App;
  /** Name of the source, by which states and losses are kept. */
  readonly source: string;
  readonly progress: Progress;
  readonly overwrite: boolean;
  readonly createMissing: boolean;
  /** Requests at once. */
  readonly parallel: number;
  /** Where a row stands, `file:line`; absent where rows come from no file. */
  readonly lineOf?: (row: JsonObject) => string | undefined;
};

export const nothingTaken: Taken = { made: 0, changed: 0, same: 0, lost: 0 };

/** Runs `work` over the items, up to `parallel` at once; the first failure ends it, after what is under way. */
export async function inParallel<T>(
  items: Iterable<T>,
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed: { error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  if (failed) throw failed.error;
}
