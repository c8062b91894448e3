// New passwords. Whatever way they are set, every session and reset token of the account is worth nothing afterwards,
// and its live connections end.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { GivenPassword } from '../ports/passwords.ts';
import type { Account } from './account.ts';
import { newToken, tokenDigest } from './digest.ts';
import { assertGiven } from './names.ts';
import { provePassword } from './prove-password.ts';
import { endConnections } from './sessions.ts';
import { useCode } from './use-code.ts';

type Ports = Pick<Core, 'store' | 'passwords' | 'bus' | 'clock'>;

/** The application's word. Throws `invalid-argument`, `too-long`, `user-not-found`, `unavailable`. */
export async function setPassword(core: Ports, app: App, account: Account, given: GivenPassword): Promise<void> {
  assertGiven(given);
  const hash = await core.passwords.hash(given);
  await core.store.accounts.setPassword(app.no, account.id, hash, core.clock.now());
  endConnections(core, app, account);
}

/** The user's own: by the old one. Throws what provePassword throws, too. */
export async function changePassword(
  core: Ports,
  app: App,
  account: Account,
  old: GivenPassword,
  next: GivenPassword,
  address?: string,
): Promise<void> {
  assertGiven(next);
  await provePassword(core, app, { account: account.id }, old, address);
  await setPassword(core, app, account, next);
}

/** A token that sets a new password once, for the application to hand to its user by a way it trusts. */
export async function makeResetToken(
  core: Ports,
  app: App,
  account: Account,
): Promise<{ token: string; expiresAt: number }> {
  const token = newToken();
  const now = core.clock.now();
  const expiresAt = now + limits.resetTokenAgeMs;
  const kept = { account: account.id, kind: 'reset', digest: tokenDigest(token), expiresAt } as const;
  await core.store.accounts.issueToken(app.no, kept, limits.resetTokensMax, now);
  return { token, expiresAt };
}

/** Throws `unauthenticated` (what: token), `session-expired`, `invalid-argument`, `unavailable`. */
export async function resetPassword(core: Ports, app: App, token: string, next: GivenPassword): Promise<Account> {
  assertGiven(next);
  const digest = tokenDigest(token);
  const now = core.clock.now();
  // Looked up first: a made-up token costs no hash.
  const known = await core.store.accounts.byToken(app.no, 'reset', digest, now);
  if (!known) throw new ImError('unauthenticated', 'this token sets no password', { what: 'token' });
  const account = await core.store.accounts.redeemToken(app.no, digest, await core.passwords.hash(next), now);
  endConnections(core, app, account);
  return account;
}

/** By a code that was sent to the account's phone. Throws `unauthenticated` (what: code), `rate-limited`. */
export async function resetPasswordByCode(
  core: Ports,
  app: App,
  phone: string,
  code: string,
  next: GivenPassword,
  address?: string,
): Promise<Account> {
  assertGiven(next);
  const number = await useCode(core, app, 'reset', phone, code, address);
  const account = await core.store.accounts.byPhone(app.no, number);
  if (!account) throw new ImError('user-not-found', 'there is no such account', { what: 'account' });
  if (!account.phoneVerified) await core.store.accounts.claim(app.no, account.id, core.clock.now());
  await setPassword(core, app, account, next);
  return account;
}
