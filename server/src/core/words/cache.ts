// Matchers of the apps' sensitive words: built when first needed, forgotten when the list changes.
import { limits } from '../limits.ts';
import { Remembered } from '../lru.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Soon } from '../soon.ts';
import { buildMatcher, type Fold, type Matcher } from './matcher.ts';

/** Matchers by app, remembered until this node changes the list; another node's change is seen when they age. */
export type WordMatchers = {
  of(app: number): Soon<Matcher>;
  forget(app: number): void;
};

/** `loadFold` is called before the first non-empty list is matched: its tables are large, and most apps have no list. */
export function openWords(store: Pick<Store, 'words'>, clock: Clock, loadFold: () => Promise<Fold>): WordMatchers {
  const matchers = new Remembered<Matcher>(clock, limits.wordListsCached, limits.factsAgeMsMax);
  async function load(app: number): Promise<Matcher> {
    const words = await store.words.list(app);
    return buildMatcher(words, words.length === 0 ? (character) => character : await loadFold());
  }
  return {
    of: (app) => matchers.get(String(app), () => load(app)),
    forget: (app) => matchers.forget(String(app)),
  };
}
