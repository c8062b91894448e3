// Advisory locks as numbers. Everybody takes them in one order: the store's, then an app's, then the rest, sorted.
import { createHash } from 'node:crypto';

/**
 * What a write must have for itself. Every write shares the store with the others and, where it names one, the app. `keys`
 * are had alone; `whole`: so is the app; 'store': so is everything, on every node.
 */
export type Locks =
  | {
      readonly app?: number;
      readonly keys?: readonly string[];
      readonly whole?: boolean;
      /** The app is had alone where this conversation of it is found by a claim (begin-function.ts). */
      readonly claimed?: number;
    }
  | 'store';

/** As text: they do not fit a number. */
export type Keys = {
  readonly shared: readonly string[];
  readonly exclusive: readonly string[];
  readonly claimed?: { readonly app: number; readonly no: number; readonly key: string };
};

const numberOf = (name: string): string => createHash('md5').update(name).digest().readBigInt64BE().toString();

const store = numberOf('hongyan store');
const appKey = (app: number): string => numberOf(`hongyan app ${app}`);

/** One lock is a place in a table that all connections share: who would need more than this takes the app. */
const keysMax = 64;

export const alone: Keys = { shared: [], exclusive: [store] };

export function keysOf(locks: Locks): Keys {
  if (locks === 'store') return alone;
  const { app, keys = [], whole = false, claimed } = locks;
  if (app === undefined) return { shared: [store], exclusive: sorted(keys) };
  if (whole || keys.length > keysMax) return { shared: [store], exclusive: [appKey(app)] };
  const exclusive = sorted(keys.map((key) => `${app} ${key}`));
  const found = claimed === undefined ? {} : { claimed: { app, no: claimed, key: appKey(app) } };
  return { shared: [store, appKey(app)], exclusive, ...found };
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].map(numberOf).sort();

/** What a batch of appends shares. Heads, which order it, are locked as rows. */
export const appendKeys = (apps: readonly number[]): string[] => [store, ...[...new Set(apps)].map(appKey).sort()];
