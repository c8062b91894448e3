import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Account } from './account.ts';
import { logInByCode } from './log-in-by-code.ts';
import { passwordOf, phoneOf } from './names.ts';
import { provePassword } from './prove-password.ts';

type Ports = Pick<Core, 'store' | 'passwords' | 'facts' | 'bus' | 'clock'>;

/**
 * By a phone and a secret that is a code or the account's password: clients have one field for both. Throws what
 * logInByCode and provePassword throw.
 */
export async function logInByPhone(
  core: Ports,
  app: App,
  phone: unknown,
  secret: unknown,
  address?: string,
): Promise<Account> {
  const number = phoneOf(phone);
  const given = passwordOf(secret);
  const password = () => provePassword(core, app, { phone: number }, given, address);
  if (typeof secret !== 'string' || !/^\d{6}$/.test(secret)) return password();
  try {
    return (await logInByCode(core, app, number, secret, { address })).account;
  } catch (error) {
    const wrongCode = error instanceof ImError && error.code === 'unauthenticated' && error.details.what === 'code';
    if (!wrongCode || !(await core.store.accounts.byPhone(app.no, number))?.hasPassword) throw error;
    return password();
  }
}
