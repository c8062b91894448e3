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
  /** When the mark moved there, Unix milliseconds; 0 = never. */
  readonly readAt: number;
  /** The conversation's newest `ts` of all, edits and changes of members counted. */
  readonly headTs: number;
  /** Messages of others after the mark, or since joining; 0 … limits.unreadMax. */
  readonly count: number;
  /** One of them mentions all, or the one who asked. */
  readonly mentioned: boolean;
};

/** How far one of a conversation's people is. `…At`: when the mark moved there, Unix milliseconds. */
export type Progress = {
  readonly who: PrincipalKey;
  /** Read up to here. */
  readonly ts: number;
  readonly readAt: number;
  readonly deliveredTs: number;
  readonly deliveredAt: number;
};

/** A message that somebody received. */
export type Delivery = {
  readonly ts: number;
  readonly no: number;
  readonly sender: PrincipalKey | null;
  readonly flags: number;
};

export interface MarkReads {
  /** Marks of a conversation's people; who has none yet is left out. */
  of(app: number, conversation: number): Promise<Progress[]>;
  /** What `who` has received of these, by conversation: 0 where nothing. */
  deliveredTs(app: number, who: PrincipalKey, conversations: readonly number[]): Promise<number[]>;
  /** In the order asked; a conversation that `who` is not in counts from his mark alone. */
  unread(app: number, who: PrincipalKey, conversations: readonly number[]): Promise<Unread[]>;
}

export interface MarkWrites {
  /**
   * Everything from others up to `ts` has been received, never back, and never past what was said. The messages that nobody
   * had received before are marked and are `first`; `asked` are those that `who` had not received before and that want a
   * receipt; at most limits.deliveriesMax of each, the newest. `ts`: where the mark is.
   */
  delivered(
    app: number,
    conversation: number,
    who: PrincipalKey,
    ts: number,
  ): Promise<{ ts: number; moved: boolean; first: Delivery[]; asked: Delivery[] }>;
  /** Moves the mark to `ts`, never back, and never past what was said. Throws `conversation-not-found`. */
  read(app: number, conversation: number, who: PrincipalKey, ts: number): Promise<ReadMark>;
}
