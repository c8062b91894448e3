// A mark says how far somebody has read a conversation. Unread counts are computed from it when somebody asks; nothing is
// written per member when a message is sent.
import type { PrincipalKey } from '../ids.ts';

export type ReadMark = {
  /** Everything up to this `ts` has been read; 0 = nothing. */
  readonly ts: number;
  /** False: it was there already, or further. Announce nothing. */
  readonly moved: boolean;
};

export type Unread = {
  readonly conversation: number;
  readonly readTs: number;
  /** Messages of others after the mark, or since joining; 0 … limits.unreadMax. */
  readonly count: number;
  /** One of them mentions all, or the one who asked. */
  readonly mentioned: boolean;
};

export interface MarkReads {
  /** Read marks of a conversation's people; who has none yet is left out. */
  of(app: number, conversation: number): Promise<{ who: PrincipalKey; ts: number }[]>;
  /** In the order asked; a conversation that `who` is not in counts from his mark alone. */
  unread(app: number, who: PrincipalKey, conversations: readonly number[]): Promise<Unread[]>;
}

export interface MarkWrites {
  /** Moves the mark to `ts`, never back, and never past what was said. Throws `conversation-not-found`. */
  read(app: number, conversation: number, who: PrincipalKey, ts: number): Promise<ReadMark>;
}
