// Sensitive words: one list per app, in the order the operator gave it.
import { ImError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { WordReads, WordWrites } from '../../core/words/words.ts';
import { type Db, type Tx, unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type WordRow = { word: string; n: number; created_at: number };

const rowsOf = (db: Db, app: number) =>
  db.all<WordRow>('select word, n, created_at from words where app = ? order by n, word', app);

export const wordReads: SliceReads<WordReads> = {
  async list(db, app) {
    return (await rowsOf(db, app)).map((row) => row.word);
  },

  async page(db, app, { skip, limit }) {
    // The whole list is small.
    const rows = await rowsOf(db, app);
    const words = rows.slice(skip, skip + limit).map((row) => ({ word: row.word, since: row.created_at }));
    return { total: rows.length, words };
  },
};

export const wordWrites: SliceWrites<WordWrites> = {
  async replace(tx, app, words, now) {
    const list = unique(words);
    assertRoom(list.length, limits.wordsMax);
    assertLengths(list);
    const since = new Map((await rowsOf(tx, app)).map((row) => [row.word, row.created_at]));
    await tx.run('delete from words where app = ?', app);
    for (const [n, word] of list.entries()) await insert(tx, app, word, n, since.get(word) ?? now);
  },

  async add(tx, app, words, max, now) {
    const rows = await rowsOf(tx, app);
    const known = new Set(rows.map((row) => row.word));
    const fresh = unique(words).filter((word) => !known.has(word));
    if (fresh.length === 0) return;
    assertRoom(rows.length + fresh.length, Math.min(max, limits.wordsMax));
    assertLengths(fresh);
    const next = (rows.at(-1)?.n ?? -1) + 1;
    for (const [i, word] of fresh.entries()) await insert(tx, app, word, next + i, now);
  },

  async remove(tx, app, words) {
    for (const word of unique(words)) await tx.run('delete from words where app = ? and word = ?', app, word);
  },

  async rename(tx, app, from, to, now) {
    assertLengths([to]);
    const rows = await rowsOf(tx, app);
    const old = rows.find((row) => row.word === from);
    if (!old || from === to) return;
    await tx.run('delete from words where app = ? and word = ?', app, from);
    if (!rows.some((row) => row.word === to)) await insert(tx, app, to, old.n, now);
  },
};

const insert = (tx: Tx, app: number, word: string, n: number, since: number) =>
  tx.run('insert into words (app, word, n, created_at) values (?, ?, ?, ?)', app, word, n, since);

function assertRoom(count: number, max: number): void {
  if (count > max) throw new ImError('full', `an app may list ${max} words`, { what: 'words', max });
}

function assertLengths(words: readonly string[]): void {
  if (words.some((word) => [...word].length > limits.wordCharsMax)) {
    throw new ImError('too-long', `a word may have ${limits.wordCharsMax} characters`, {
      what: 'word',
      max: limits.wordCharsMax,
    });
  }
}
