// What accounts are proven with besides passwords: tokens, codes sent to a phone, and the memory of those who failed.
// Secrets come here as digests only (digest.ts).
import type { Account } from './account.ts';

/** `session`: stands for a login. `reset`: sets a new password, once. */
export type TokenKind = 'session' | 'reset';

export type NewToken = {
  readonly account: string;
  readonly kind: TokenKind;
  readonly digest: string;
  /** null: for ever. */
  readonly expiresAt: number | null;
};

/** What a code serves; one of another purpose is worth nothing. */
export type CodePurpose = 'login' | 'reset' | 'verify';

export type NewCode = {
  readonly purpose: CodePurpose;
  readonly phone: string;
  readonly digest: string;
  readonly expiresAt: number;
};

/** How often something may happen: `free` times within `windowMs`, then not before the window has passed. */
export type Pace = { readonly key: string; readonly free: number; readonly windowMs: number };

/** How failing makes somebody wait: `free` failures cost nothing, then each doubles the wait. */
export type Patience = {
  readonly key: string;
  readonly free: number;
  readonly waitMs: number;
  readonly waitMsMax: number;
  /** Failures are forgotten after this time without another. */
  readonly forgetMs: number;
};

export interface AccountProofReads {
  /** The account a living token stands for. `expired`: it stood for one once. */
  byToken(
    app: number,
    kind: TokenKind,
    digest: string,
    now: number,
  ): Promise<{ account: Account; expired: boolean } | undefined>;
  /** `until`: when the last of the locks ends; 0: none of the keys is locked. `failed`: those that remember a failure. */
  locks(app: number, keys: readonly string[], now: number): Promise<{ until: number; failed: string[] }>;
}

export interface AccountProofWrites {
  /** Above `max` tokens of a kind the account's oldest ones go. `session` moves `loginAt`. Throws `user-not-found`. */
  issueToken(app: number, token: NewToken, max: number, now: number): Promise<void>;
  /** False: there was none. */
  revokeToken(app: number, kind: TokenKind, digest: string): Promise<boolean>;
  revokeTokens(app: number, account: string, kind: TokenKind): Promise<number>;
  /** Takes a reset token out of the world and sets the password, with everything setPassword does. Throws `unauthenticated` (what: token), `session-expired`. */
  redeemToken(app: number, digest: string, password: string, now: number): Promise<Account>;
  /** Keeps the code in place of an earlier one of its purpose, unless a pace forbids it: throws `rate-limited` (retryAfterMs). */
  putCode(app: number, code: NewCode, paces: readonly Pace[], now: number): Promise<void>;
  /** A code that could not be sent is taken back, so that it can be asked for again at once. */
  dropCode(app: number, purpose: CodePurpose, phone: string, digest: string, paces: readonly Pace[]): Promise<void>;
  /** True once for the right code. A wrong one counts; `triesMax` of them kill the code. */
  useCode(
    app: number,
    code: Pick<NewCode, 'purpose' | 'phone' | 'digest'>,
    triesMax: number,
    now: number,
  ): Promise<boolean>;
  /** True for the first call with this digest; it is remembered until `expiresAt`. */
  useOnce(app: number, digest: string, expiresAt: number, now: number): Promise<boolean>;
  recordFailure(app: number, patiences: readonly Patience[], now: number): Promise<void>;
  forgetFailures(app: number, keys: readonly string[]): Promise<void>;
  /** Rows whose time has passed. `done` when fewer than `rows` went. */
  sweepProofs(now: number, rows: number): Promise<{ done: boolean }>;
}
