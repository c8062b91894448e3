// The newest part of everything, for a node that may have missed an announcement: where something happened, by time.
import type { CoreEvent } from '../events.ts';

/** Something was said, edited or taken back in a conversation; `at`: the last such place in the stretch. */
export type Stirred = { readonly app: number; readonly conversation: number; readonly at: number };

/** A stretch of time, Unix milliseconds: later than `after`, up to `upTo`. */
export type Stretch = { readonly after: number; readonly upTo: number };

export interface TailReads {
  /** Of these apps, one entry a conversation, at most `limit`, those of the longest ago first. */
  stirred(apps: readonly number[], stretch: Stretch, limit: number): Promise<Stirred[]>;
  /** What was kept for who was away (notices/notice.ts), each event once, oldest first. */
  noticed(apps: readonly number[], stretch: Stretch, limit: number): Promise<CoreEvent[]>;
  /** The same of one conversation. */
  noticedIn(app: number, conversation: number, stretch: Stretch, limit: number): Promise<CoreEvent[]>;
}
