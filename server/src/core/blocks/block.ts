// A block keeps somebody away: a user from talking to a user, a user from a conversation, a conversation from a user (he
// is not added to it by others).
import type { SubjectKey } from '../subjects.ts';

export type Block = { readonly target: SubjectKey; readonly since: number };

export interface BlockReads {
  /** In the order of blocking. */
  list(app: number, by: SubjectKey, page: { skip: number; limit: number }): Promise<{ total: number; blocks: Block[] }>;
  /** Those of `targets` that `by` has blocked. */
  among(app: number, by: SubjectKey, targets: readonly SubjectKey[]): Promise<SubjectKey[]>;
  /** Those of `by` that have blocked the target. */
  blockers(app: number, target: SubjectKey, by: readonly SubjectKey[]): Promise<SubjectKey[]>;
}

export interface BlockWrites {
  /** All or nothing. Answers who is blocked now and was not. Throws `full` (what: blocks); `strict`: `already` (what: block). */
  put(
    app: number,
    by: SubjectKey,
    targets: readonly SubjectKey[],
    rule: { max: number; strict: boolean },
    now: number,
  ): Promise<SubjectKey[]>;
  /** All or nothing. Answers who was blocked. `strict`: throws `absent` (what: block). */
  lift(app: number, by: SubjectKey, targets: readonly SubjectKey[], rule: { strict: boolean }): Promise<SubjectKey[]>;
}
