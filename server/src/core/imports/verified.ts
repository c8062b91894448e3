// What a comparison of source and copy has found: what a team keeps as its proof.
import type { RestoredKind } from './import.ts';

export type Difference = {
  readonly what: RestoredKind;
  readonly id: string;
  /** What differs, in a sentence. */
  readonly why: string;
};

/** How many of one sort there are on both sides, and how many differ. */
export type Compared = { source: number; copy: number; differing: number };

export type Verified = {
  readonly app: string;
  readonly source: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Messages up to this time were compared: what came later was not yet taken. 0: all. */
  readonly through: number;
  readonly compared: Readonly<Record<'users' | 'installs' | 'conversations' | 'messages', Compared>>;
  /** Conversations whose messages were compared. */
  readonly talks: number;
  /** Messages that were said here, and are none of the source's. */
  readonly saidHere: number;
  /** Messages of each month, `2026-05`, on both sides. */
  readonly months: Readonly<Record<string, { source: number; copy: number }>>;
  /** The first limits.differencesListed of them. */
  readonly differences: readonly Difference[];
  readonly differing: number;
  /** What the import noted as not taken, by reason; it is not counted as a difference. */
  readonly notTaken: readonly { readonly what: RestoredKind; readonly reason: string; readonly count: number }[];
};
