import type { App } from '../apps/app.ts';
import { assertAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { assertPlainId, passengerKey } from '../ids.ts';
import { userTopic } from '../ports/bus.ts';
import type { GivenPassword } from '../ports/passwords.ts';
import type { Account, MovedTalk, NewAccount } from './account.ts';
import { assertGiven, emailOf, phoneOf, usernameOf } from './names.ts';

export type Registration = Omit<NewAccount, 'password'> & {
  readonly password?: GivenPassword;
  /** An end user asks, not the application's own server. */
  readonly self?: boolean;
};

type Ports = Pick<Core, 'store' | 'passwords' | 'facts' | 'bus' | 'clock'>;

/**
 * Makes an account and its user. With `passenger`, what that passenger said and heard in direct talk is the user's from
 * now on, and the passenger is no more; his live sessions end. Throws `invalid-argument`, `too-long`, `conflict` (what:
 * username, phone, email, user, provider), `passenger-not-found`, `unavailable`, `feature-off` where users may not do so
 * themselves.
 */
export async function registerAccount(core: Ports, app: App, wish: Registration): Promise<Account> {
  const { password, self, ...rest } = wish;
  if (self && !app.settings['jmessage.selfRegister'])
    throw new ImError('feature-off', 'users do not register themselves here', { what: 'jmessage.selfRegister' });
  const names = {
    ...(rest.username === undefined ? {} : { username: usernameOf(rest.username) }),
    ...(rest.phone === undefined ? {} : { phone: phoneOf(rest.phone) }),
    ...(rest.email === undefined ? {} : { email: emailOf(rest.email) }),
  };
  if (rest.attributes) assertAttributes(rest.attributes);
  if (rest.passenger !== undefined) assertPlainId(rest.passenger, 'passenger id');
  if (password) assertGiven(password);
  // Taken names are refused before a hash is spent on them; the store decides among those who race.
  if (names.username !== undefined && password) await assertFreeName(core, app, names.username);
  const hash = password && (await core.passwords.hash(password));
  const made: NewAccount = { ...rest, ...names, ...(hash === undefined ? {} : { password: hash }) };
  const { account, moved } = await core.store.accounts.create(app.no, made, core.clock.now());
  if (wish.passenger !== undefined) retirePassenger(core, app, wish.passenger, account.userId, moved);
  return account;
}

async function assertFreeName(core: Ports, app: App, username: string): Promise<void> {
  if (await core.store.accounts.byUsername(app.no, username))
    throw new ImError('conflict', 'there is an account of this username already', { what: 'username' });
}

function retirePassenger(core: Ports, app: App, passenger: string, user: string, { conversations }: MovedTalk): void {
  const key = passengerKey(passenger);
  core.facts.forgetPerson(app.no, key);
  core.facts.forgetPerson(app.no, user);
  for (const { other } of conversations) {
    core.facts.forgetPair(app.no, key, other);
    core.facts.forgetPair(app.no, user, other);
  }
  core.bus.publish({ type: 'session-ended', app: app.no, why: 'erased' }, [userTopic(app.no, key)]);
}
