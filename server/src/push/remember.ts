// Access tokens: made once, used until they are old, and made by one caller however many want one.
import { createHash } from 'node:crypto';
import type { Clock } from '../core/ports/clock.ts';

type Kept = { readonly value: Promise<string>; until: number };

export type Tokens = {
  get(key: string, make: () => Promise<{ value: string; lifeMs: number }>): Promise<string>;
  forget(key: string): void;
};

const keptMax = 1_000;

export function openTokens(clock: Clock): Tokens {
  const tokens = new Map<string, Kept>();
  return {
    get(key, make) {
      const known = tokens.get(key);
      if (known && known.until > clock.now()) return known.value;
      if (tokens.size >= keptMax) tokens.clear();
      const made = make();
      const kept: Kept = { value: made.then(({ value }) => value), until: Number.POSITIVE_INFINITY };
      tokens.set(key, kept);
      made.then(
        ({ lifeMs }) => {
          kept.until = clock.now() + lifeMs;
        },
        () => {
          if (tokens.get(key) === kept) tokens.delete(key);
        },
      );
      return kept.value;
    },
    forget: (key) => void tokens.delete(key),
  };
}

/** Names a set of keys without holding them. */
export const nameOfKeys = (keys: object): string =>
  createHash('sha256').update(JSON.stringify(keys)).digest('base64url');
