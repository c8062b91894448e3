// A notice is an announcement that is kept for a month, so that who was away hears of it: about a person once under that
// person, about a conversation once under the conversation, however many people are in it.
import type { CoreEvent } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';

export type Notice = {
  /** Unix milliseconds; several may share one. */
  readonly ts: number;
  /** Tells notices of one millisecond apart; increasing. */
  readonly n: number;
  readonly event: CoreEvent;
};

export interface NoticeReads {
  /**
   * About `who` and about conversations he is in (since he joined), ts > `after`, oldest first. A page never splits one
   * millisecond, so it may be a little longer than `limit`.
   */
  since(app: number, who: PrincipalKey, after: number, limit: number): Promise<{ notices: Notice[]; more: boolean }>;
}

export interface NoticeWrites {
  /** `topics` are bus topics (ports/bus.ts). */
  put(app: number, topics: readonly string[], event: CoreEvent, ts: number): Promise<void>;
  /** Removes up to `rows` notices of any app older than `before`. */
  expire(before: number, rows: number): Promise<{ done: boolean; removed: number }>;
}
