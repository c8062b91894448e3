import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Account } from './account.ts';
import { assertEnabled } from './open.ts';
import { registerAccount } from './register.ts';
import { endConnections } from './sessions.ts';
import { useCode } from './use-code.ts';

type Ports = Pick<Core, 'store' | 'passwords' | 'facts' | 'bus' | 'clock'>;

export type FirstLogin = { readonly passenger?: string; readonly address?: string };

/**
 * The account of a phone, by a code that was sent to it; a phone without one gets one, named after it. Throws
 * `unauthenticated` (what: code), `rate-limited` (what: login), `disabled`, and what registerAccount throws.
 */
export async function logInByCode(
  core: Ports,
  app: App,
  phone: unknown,
  code: string,
  { passenger, address }: FirstLogin = {},
): Promise<{ account: Account; created: boolean }> {
  const number = await useCode(core, app, 'login', phone, code, address);
  const known = await core.store.accounts.byPhone(app.no, number);
  if (known) {
    await assertEnabled(core, app, known);
    return { account: known.phoneVerified ? known : await takeOver(core, app, known), created: false };
  }
  return { account: await makeFor(core, app, number, passenger), created: true };
}

/**
 * Somebody wrote this phone into an account without proving that it is his. Whoever proves it now is the owner: no
 * password, session or third party that was set before lets anybody else in.
 */
async function takeOver(core: Ports, app: App, account: Account): Promise<Account> {
  const owned = await core.store.accounts.claim(app.no, account.id, core.clock.now());
  if (account.hasPassword) endConnections(core, app, account);
  return owned;
}

/** The username is the phone, unless somebody else has taken that name. */
async function makeFor(core: Ports, app: App, phone: string, passenger: string | undefined): Promise<Account> {
  const taken = await core.store.accounts.byUsername(app.no, phone);
  return registerAccount(core, app, {
    self: true,
    ...(taken ? {} : { username: phone }),
    phone,
    phoneVerified: true,
    ...(passenger === undefined ? {} : { passenger }),
  });
}
