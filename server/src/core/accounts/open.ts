import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Account } from './account.ts';
import { emailOf, phoneOf } from './names.ts';

/** What an account is known by. */
export type AccountName =
  | { readonly account: string }
  | { readonly user: string }
  | { readonly username: string }
  | { readonly phone: string }
  | { readonly email: string };

/** undefined: there is none of that name. Throws `invalid-argument` for a phone or mail address that is none. */
export function findAccount(core: Pick<Core, 'store'>, app: App, name: AccountName): Promise<Account | undefined> {
  const { accounts } = core.store;
  if ('account' in name) return accounts.byId(app.no, name.account);
  if ('user' in name) return accounts.byUser(app.no, name.user);
  if ('username' in name) return accounts.byUsername(app.no, name.username);
  if ('phone' in name) return accounts.byPhone(app.no, phoneOf(name.phone));
  return accounts.byEmail(app.no, emailOf(name.email));
}

/** Throws `user-not-found` (what: account). */
export async function openAccount(core: Pick<Core, 'store'>, app: App, name: AccountName): Promise<Account> {
  const account = await findAccount(core, app, name);
  if (!account) throw new ImError('user-not-found', 'there is no such account', { what: 'account' });
  return account;
}

/** Throws `disabled` when the application has shut the user out. */
export async function assertEnabled(core: Pick<Core, 'store'>, app: App, account: Account): Promise<void> {
  const user = await core.store.users.byId(app.no, account.userId);
  if (user?.disabled) throw new ImError('disabled', 'this user has been disabled', { purpose: 'login' });
}
