// Sensitive words of an app: one list, one matcher; each door reacts its own way.
export interface WordReads {
  list(app: number): Promise<string[]>;
}
export interface WordWrites {
  /** The whole list anew. Throws `full` (what: words) and `too-long`. */
  replace(app: number, words: readonly string[], now: number): Promise<void>;
}
