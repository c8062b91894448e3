// Friendship is symmetric, immediate and idempotent: one id for the pair, a row for each direction.

import type { ConversationRef } from '../conversations/conversation.ts';

export type Friendship = {
  /** 16 hex digits, the same in both directions. */
  readonly id: string;
  /** Who joined first; stays so when the other repeats the call. */
  readonly from: string;
  readonly to: string;
  readonly since: number;
};

/** What somebody notes of a friend, for himself alone. */
export type FriendNote = { readonly name?: string; readonly others?: string };

/** A friend as a list shows it; `direct` is absent before the two ever talked. */
export type Friend = {
  readonly id: string;
  readonly kindNo: number | null;
  readonly since: number;
  readonly note: FriendNote;
  readonly direct?: ConversationRef;
};

/** Two users who exchanged a message without being friends. */
export type Stranger = {
  readonly id: string;
  readonly firstBy: string;
  readonly since: number;
  readonly direct: ConversationRef;
};

export interface FriendReads {
  between(app: number, a: string, b: string): Promise<Friendship | undefined>;
  /** In the order of joining. Bounded by limits.friendsPerUserMax. */
  list(app: number, who: string): Promise<Friend[]>;
  ids(app: number, who: string): Promise<string[]>;
  stranger(app: number, who: string, other: string): Promise<Stranger | undefined>;
  /** Newest contact first; people who have become friends since are left out. `among` restricts the answer to these ids. */
  strangers(
    app: number,
    who: string,
    page: { skip: number; limit: number; among?: readonly string[] },
  ): Promise<Stranger[]>;
}

export interface FriendWrites {
  /**
   * Makes `from` and each of `to` friends; answers in the order of `to`, the earlier friendship where there was one.
   * All or nothing. Throws `full` (what: friends), `conflict` (what: self); `strict`: `already` (what: friend). Users must exist.
   */
  join(app: number, from: string, to: readonly string[], now: number, strict?: boolean): Promise<Friendship[]>;
  /** All or nothing; answers those who were friends. `strict`: throws `absent` (what: friend) unless all were. */
  part(app: number, who: string, others: readonly string[], strict?: boolean): Promise<string[]>;
  /** All or nothing; a part that is left out stays, an empty one is removed. Throws `absent` (what: friend). */
  note(
    app: number,
    who: string,
    notes: readonly { readonly other: string; readonly note: FriendNote }[],
  ): Promise<void>;
  /** Records the relation for both sides; the first call decides `firstBy` and `since`. */
  recordStrangers(app: number, by: string, other: string, conversation: number, now: number): Promise<void>;
}
