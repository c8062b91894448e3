import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Account } from './account.ts';
import { useCode } from './use-code.ts';

/** By a code of the purpose `verify` that was sent to the account's phone. Throws `unauthenticated` (what: code), `invalid-argument`. */
export async function verifyPhone(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  { id, phone }: Account,
  code: string,
  address?: string,
): Promise<Account> {
  if (phone === null)
    throw new ImError('invalid-argument', 'this account has no phone', { what: 'phone', why: 'missing' });
  await useCode(core, app, 'verify', phone, code, address);
  return core.store.accounts.change(app.no, id, { phoneVerified: true }, core.clock.now());
}
