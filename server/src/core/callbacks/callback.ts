// What an application's own server has been told of what its people said: in the order of storing, up to a number.
import type { Message } from '../messages/message.ts';

export type Untold = {
  /** Recalled ones too, without what they said. */
  readonly messages: Message[];
  /** Everything up to this number has been looked at. */
  readonly upTo: number;
  /** There may be more behind it. */
  readonly more: boolean;
};

export interface CallbackReads {
  /** The number up to which the app's server was told; undefined: it never was. */
  told(app: number): Promise<number | undefined>;
  /** The greatest number of any message; 0 before the first. */
  newest(): Promise<number>;
  /**
   * The next messages of the app behind a number, imported ones left out, looking at no more than limits.logScanRows rows of
   * all apps. `holesSince`: where several nodes write, numbers are not committed in their order; what follows a missing
   * number is left for later while it was said after this time, because the missing one may still come.
   */
  untold(app: number, after: number, limit: number, holesSince?: number): Promise<Untold>;
}

export interface CallbackWrites {
  /** Never moves back. */
  tell(app: number, upTo: number): Promise<void>;
}
