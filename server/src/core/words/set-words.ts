// The list of an app's sensitive words.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';

export const wordsOf = (core: Pick<Core, 'store'>, app: App): Promise<string[]> => core.store.words.list(app.no);

/**
 * Puts the whole list anew; it is in force for the next message. Blanks around words are taken off, empty words and
 * repetitions dropped. Answers the list as it is kept. Throws `full` (what: words) and `too-long`.
 */
export async function setWords(
  core: Pick<Core, 'store' | 'words' | 'clock'>,
  app: App,
  words: readonly string[],
): Promise<string[]> {
  const kept = [...new Set(words.map((word) => word.trim().toWellFormed()))].filter((word) => word !== '');
  if (kept.length > limits.wordsMax) {
    throw new ImError('full', `an app has at most ${limits.wordsMax} sensitive words`, {
      what: 'words',
      max: limits.wordsMax,
    });
  }
  if (kept.some((word) => [...word].length > limits.wordCharsMax)) {
    throw new ImError('too-long', `a sensitive word has at most ${limits.wordCharsMax} characters`, {
      what: 'word',
      max: limits.wordCharsMax,
    });
  }
  await core.store.words.replace(app.no, kept, core.clock.now());
  core.words.forget(app.no);
  return kept;
}
