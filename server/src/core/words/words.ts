// Sensitive words of an app: one list, one matcher; each door reacts its own way.

export type ListedWord = {
  readonly word: string;
  /** When it was added, Unix milliseconds. */
  readonly since: number;
};

export interface WordReads {
  list(app: number): Promise<string[]>;
  /** A stretch of the list, in its order. */
  page(app: number, page: { skip: number; limit: number }): Promise<{ total: number; words: ListedWord[] }>;
}

export interface WordWrites {
  /** The whole list anew; words that stay keep the time they were added. Throws `full` (what: words) and `too-long`. */
  replace(app: number, words: readonly string[], now: number): Promise<void>;
  /** At the end of the list; those that are in it stay where they are. All or nothing. Throws `full` (what: words) and `too-long`. */
  add(app: number, words: readonly string[], max: number, now: number): Promise<void>;
  /** Words that are not there are ignored. */
  remove(app: number, words: readonly string[]): Promise<void>;
  /** `to` takes the place of `from`; nothing when `from` is not there, and `from` only goes when `to` is. Throws `too-long`. */
  rename(app: number, from: string, to: string, now: number): Promise<void>;
}
