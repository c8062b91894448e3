import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { GivenPassword } from '../ports/passwords.ts';
import type { Account } from './account.ts';
import { acceptSuccess, assertUnlocked, countFailure } from './lock-out.ts';
import { assertGiven } from './names.ts';
import { type AccountName, assertEnabled, findAccount } from './open.ts';

type Ports = Pick<Core, 'store' | 'passwords' | 'clock'>;

/**
 * The account whose password this is. Failures are counted for the account and for the address. Throws
 * `unauthenticated` (what: account for a name that nobody has, else password), `rate-limited` (what: login), `disabled`,
 * `unavailable`, `invalid-argument`.
 */
export async function provePassword(
  core: Ports,
  app: App,
  name: AccountName,
  given: GivenPassword,
  address?: string,
): Promise<Account> {
  assertGiven(given);
  await assertUnlocked(core, app, { address });
  const account = await findAccount(core, app, name);
  if (!account) {
    await countFailure(core, app, { address });
    throw new ImError('unauthenticated', 'there is no such account', { what: 'account', purpose: 'login' });
  }
  const attempt = { account: account.id, address };
  await assertUnlocked(core, app, attempt);
  if (!(await isPasswordOf(core, app, account, given))) {
    await countFailure(core, app, attempt);
    throw new ImError('unauthenticated', 'the password is wrong', { what: 'password', purpose: 'login' });
  }
  await acceptSuccess(core, app, attempt);
  await assertEnabled(core, app, account);
  return account;
}

/** A good one that is kept in a weaker form than today's is kept in today's from now on. */
async function isPasswordOf(core: Ports, app: App, account: Account, given: GivenPassword): Promise<boolean> {
  const stored = await core.store.accounts.passwordOf(app.no, account.id);
  if (!stored) return false;
  const { good, better } = await core.passwords.verify(stored, given);
  if (better !== undefined) await core.store.accounts.renewPassword(app.no, account.id, stored, better);
  return good;
}
