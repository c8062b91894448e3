// Sensitive words: one list per app, in the order the operator gave it.
import { ImError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { WordReads, WordWrites } from '../../core/words/words.ts';
import { unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

export const wordReads: SliceReads<WordReads> = {
  async list(db, app) {
    const rows = await db.all<{ word: string }>('select word from words where app = ? order by n, word', app);
    return rows.map((row) => row.word);
  },
};

export const wordWrites: SliceWrites<WordWrites> = {
  async replace(tx, app, words, now) {
    const list = unique(words);
    if (list.length > limits.wordsMax) {
      throw new ImError('full', `an app may list ${limits.wordsMax} words`, { what: 'words', max: limits.wordsMax });
    }
    if (list.some((word) => [...word].length > limits.wordCharsMax)) {
      throw new ImError('too-long', `a word may have ${limits.wordCharsMax} characters`, {
        what: 'word',
        max: limits.wordCharsMax,
      });
    }
    await tx.run('delete from words where app = ?', app);
    for (const [n, word] of list.entries()) {
      await tx.run('insert into words (app, word, n, created_at) values (?, ?, ?, ?)', app, word, n, now);
    }
  },
};
