// What the shared SQL stands on: a driver of about a page for each engine. SQL is written once in the language SQLite
// and PostgreSQL share, with `?` for values; integers are JavaScript numbers, booleans 0 and 1, JSON is text.

export type Bind = string | number | null;

export interface Db {
  all<R>(sql: string, ...values: Bind[]): Promise<R[]>;
  one<R>(sql: string, ...values: Bind[]): Promise<R | undefined>;
}

/** Numbers that are never given twice. `order` tells apart what happened in one millisecond. */
export type Counter = 'apps' | 'conversations' | 'messages' | 'order';

/** One write in progress: everything it does is committed together with it, or not at all. */
export interface Tx extends Db {
  /** Answers how many rows it touched. */
  run(sql: string, ...values: Bind[]): Promise<number>;
  nextNo(counter: Counter): Promise<number>;
  /** The store's clock for this write, Unix milliseconds. */
  readonly now: number;
}

const listSizes = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384] as const;

/** Values one statement can take as a list. */
export const listMax = 16_384;

/**
 * Repeats the last value until the list has one of a few sizes, so that the number of different statements stays small.
 * `values` must not be empty, nor longer than listMax.
 */
export function padded<V>(values: readonly V[]): V[] {
  const size = listSizes.find((n) => n >= values.length);
  if (size === undefined || values.length === 0) throw new RangeError(`a list of ${values.length} values`);
  return [...values, ...Array<V>(size - values.length).fill(values.at(-1) as V)];
}

/** `(?, ?, …)` and its padded values, for `in`. */
export function list<V extends Bind>(values: readonly V[]): { sql: string; values: V[] } {
  const all = padded(values);
  return { sql: `(${Array(all.length).fill('?').join(', ')})`, values: all };
}

/** `values` cut into pieces that one statement can take. */
export function* pieces<V>(values: readonly V[], size = 256): Generator<V[]> {
  for (let from = 0; from < values.length; from += size) yield values.slice(from, from + size);
}

export const unique = <V>(values: readonly V[]): V[] => [...new Set(values)];
export const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);
