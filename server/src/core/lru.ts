// Bounded maps that forget what was used longest ago, and whose entries age.
import type { Clock } from './ports/clock.ts';
import type { Soon } from './soon.ts';

type Entry<V> = { readonly value: V; readonly until: number };

export class Recent<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #clock: Clock;
  readonly #max: number;
  readonly #ageMsMax: number;

  constructor(clock: Clock, max: number, ageMsMax: number) {
    this.#clock = clock;
    this.#max = max;
    this.#ageMsMax = ageMsMax;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.until <= this.#clock.now()) {
      this.#entries.delete(key);
      return undefined;
    }
    // Re-inserting keeps the map in the order of use; while it is half empty nobody needs that order.
    if (this.#entries.size * 2 >= this.#max) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry.value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#max) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { value, until: this.#clock.now() + this.#ageMsMax });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}

/**
 * Remembers what `load` answers. A value that was forgotten while its load was under way is not remembered: the answer
 * may be older than the change that caused the forgetting.
 */
export class Remembered<V> {
  readonly #entries: Recent<V>;
  readonly #loading = new Map<string, Promise<V>>();

  constructor(clock: Clock, max: number, ageMsMax: number) {
    this.#entries = new Recent(clock, max, ageMsMax);
  }

  /** The remembered value; undefined when it has to be loaded. */
  peek(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** At once where it is remembered. One load per key at a time; those who ask meanwhile share its answer. */
  get(key: string, load: () => Promise<V>): Soon<V> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    const under = this.#loading.get(key);
    if (under) return under;
    const loading = load()
      .then((value) => {
        if (this.#loading.get(key) === loading && value !== undefined) this.#entries.set(key, value);
        return value;
      })
      .finally(() => {
        if (this.#loading.get(key) === loading) this.#loading.delete(key);
      });
    this.#loading.set(key, loading);
    return loading;
  }

  forget(key: string): void {
    this.#entries.delete(key);
    this.#loading.delete(key);
  }
}
