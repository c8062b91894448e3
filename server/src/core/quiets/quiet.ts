// Quiet: somebody wants no push about a person, a conversation, or anything. What is said reaches him all the same.
import type { PrincipalKey } from '../ids.ts';
import type { SubjectKey } from '../subjects.ts';

export type QuietChange = {
  readonly add: readonly SubjectKey[];
  readonly remove: readonly SubjectKey[];
  /** Adding what is quiet already and removing what is not are errors: `already`, `absent` (what: quiet; kind: user, conversation, everything). */
  readonly strict: boolean;
};

export interface QuietReads {
  /** What he is quiet about, in the order of asking. */
  of(app: number, who: PrincipalKey): Promise<SubjectKey[]>;
  /** Those of `who` that are quiet about the target, or about everything. */
  among(app: number, target: SubjectKey, who: readonly PrincipalKey[]): Promise<PrincipalKey[]>;
  /** Everybody who is quiet about the target itself, in the order of asking. */
  about(app: number, target: SubjectKey, page: { skip: number; limit: number }): Promise<PrincipalKey[]>;
}

export interface QuietWrites {
  /** All or nothing. Answers what changed. */
  change(
    app: number,
    who: PrincipalKey,
    change: QuietChange,
    now: number,
  ): Promise<{ added: SubjectKey[]; removed: SubjectKey[] }>;
}
