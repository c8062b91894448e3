// Fields, then a short constant sentence. Ids are fine; keys, tokens and message bodies never.
type Write = (fields: Record<string, unknown>, sentence: string) => void;

export interface Log {
  /** Someone must act. */
  error: Write;
  /** Degraded, but served. */
  warn: Write;
  /** Lifecycle. */
  info: Write;
  /** Per message. */
  debug: Write;
  child(fields: Record<string, unknown>): Log;
}
