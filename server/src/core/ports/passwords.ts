// Passwords at rest. A stored password is one text: a scheme, what it needs, and an argon2id hash. What was taken over
// from elsewhere is kept as an argon2id hash over the other scheme's hash, until its owner logs in.

/** As somebody gives it: plain, or the lower-case MD5 hex of it where a client never sends the plain one. */
export type GivenPassword = { readonly plain: string } | { readonly md5: string };

/** A hash of another system, as its export has it. */
export type ForeignPassword =
  | { readonly scheme: 'lc-sha512'; readonly salt: string; readonly hash: string }
  | { readonly scheme: 'bcrypt'; readonly hash: string }
  | { readonly scheme: 'md5'; readonly hash: string };

export interface Passwords {
  /** Throws `unavailable` when too many are waiting. Serves both forms of GivenPassword. */
  hash(given: GivenPassword): Promise<string>;
  /** Throws `invalid-argument` for what is no hash of its scheme, `unavailable`. */
  adopt(foreign: ForeignPassword): Promise<string>;
  /** `better`: store this instead, the old form is weaker than what `hash` makes today. Throws `unavailable`. */
  verify(stored: string, given: GivenPassword): Promise<{ good: boolean; better?: string }>;
  close(): Promise<void>;
}
