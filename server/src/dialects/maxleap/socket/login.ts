// Who wants in: the modes of MaxLeap's login, told apart by the keys of the auth object.
import type { Account } from '../../../core/accounts/account.ts';
import { logInByPhone } from '../../../core/accounts/log-in-by-phone.ts';
import { logInByProvider } from '../../../core/accounts/log-in-by-provider.ts';
import { useLoginToken } from '../../../core/accounts/login-token.ts';
import { passwordOf, usernameOf } from '../../../core/accounts/names.ts';
import { provePassword } from '../../../core/accounts/prove-password.ts';
import { accountOfSession, openSession } from '../../../core/accounts/sessions.ts';
import type { App } from '../../../core/apps/app.ts';
import { checkBrowserSign } from '../../../core/apps/browser-sign.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { assertPlainId, hexId, type PrincipalKey, passengerKey } from '../../../core/ids.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { putPassenger } from '../../../core/passengers/put.ts';
import type { GivenPassword } from '../../../core/ports/passwords.ts';
import { checkSign } from '../auth.ts';
import { readAuth } from './credentials.ts';

export type Login = {
  readonly app: App;
  readonly who: PrincipalKey;
  /** The id as the client knows it. */
  readonly id: string;
  readonly notifyAll: boolean;
  /** It wants to hear of what this server offers beyond MaxLeap's protocol. */
  readonly ext: boolean;
  /** What lets it in again: a code serves once. Given to those who know the extensions, for a secret. */
  readonly session?: string;
};

type Ports = Pick<Core, 'store' | 'apps' | 'passwords' | 'identity' | 'facts' | 'bus' | 'clock'>;

/** What is known of who connects. */
export type Knock = { readonly rawQuery: string; readonly remoteAddress: string };

/**
 * Checks the credentials and creates who logs in for the first time. A credential that can be checked wins over one
 * that cannot: passenger, oauth, phone, username, session, client. Throws `invalid-argument`, `too-long`,
 * `unauthenticated`, `session-expired`, `disabled`, `rate-limited`, `unavailable`.
 */
export async function logIn(core: Ports, { rawQuery, remoteAddress }: Knock): Promise<Login> {
  const auth = readAuth(rawQuery);
  const app = await openApp(core, auth);
  const ext = wantsExtensions(auth);
  if (auth.passenger !== undefined) return { ...(await logInPassenger(core, app, auth.passenger)), ext };
  const account = await accountOf(core, app, auth, remoteAddress);
  const id = account ? account.userId : await vouchedFor(core, app, auth);
  const user = await core.store.users.byId(app.no, id);
  if (user?.disabled) throw new ImError('disabled', 'this user has been disabled', { purpose: 'login' });
  if (user && user.home !== null)
    throw new ImError('forbidden', 'a guest logs in to his own app', { purpose: 'login' });
  await core.store.users.login(app.no, id, core.clock.now(), installOf(auth));
  const again = ext && account && auth.session === undefined ? await openSession(core, app, account) : undefined;
  return { app, who: id, id, notifyAll: auth.notifyAll === true, ext, session: again?.token };
}

async function openApp(core: Ports, auth: JsonObject): Promise<App> {
  if (auth.signature !== undefined) return openByBrowserSign(core, auth);
  if (typeof auth.app !== 'string' || typeof auth.sign !== 'string') throw refused();
  const app = await core.apps.byId(auth.app);
  if (!app || !checkSign(app, auth.sign, core.clock.now())) throw refused();
  return app;
}

/** As server code for JMessage's pages mints it: their key, a random text, the time, a signature. */
async function openByBrowserSign(core: Ports, auth: JsonObject): Promise<App> {
  const { appkey = auth.app, random_str: random, signature } = auth;
  const timestamp = typeof auth.timestamp === 'number' ? `${auth.timestamp}` : auth.timestamp;
  if (typeof appkey !== 'string' || typeof random !== 'string') throw refused();
  if (typeof timestamp !== 'string' || typeof signature !== 'string') throw refused();
  const app = await core.apps.byId(appkey);
  if (!app || !checkBrowserSign(app, { random, timestamp, signature }, core.clock.now())) throw refused();
  return app;
}

/** The account that a secret of its own proves; undefined when the auth names none. */
async function accountOf(core: Ports, app: App, auth: JsonObject, address: string): Promise<Account | undefined> {
  const { oauth, phone, username, password, session } = auth;
  if (oauth !== undefined) {
    if (!isJsonObject(oauth)) throw malformed('oauth');
    return (await logInByProvider(core, app, oauth, { address })).account;
  }
  // Some clients hold a code as a number.
  if (phone !== undefined) {
    const secret = typeof password === 'number' ? `${password}`.padStart(6, '0') : password;
    return logInByPhone(core, app, typeof phone === 'number' ? `${phone}` : phone, secret, address);
  }
  if (username !== undefined)
    return provePassword(core, app, { username: usernameOf(username) }, givenIn(auth), address);
  if (session === undefined) return undefined;
  if (typeof session !== 'string') throw malformed('session');
  return accountOfSession(core, app, session);
}

/** Those pages may send no more than the password's MD5. */
function givenIn({ password, is_md5: digest }: JsonObject): GivenPassword {
  if (digest !== true) return passwordOf(password);
  if (typeof password !== 'string' || !/^[0-9a-f]{32}$/i.test(password)) throw malformed('password');
  return { md5: password };
}

/** A user of the application's own account system: by his bare id, or by a token that its server signed. */
async function vouchedFor(core: Ports, app: App, auth: JsonObject): Promise<string> {
  const id = auth.client;
  if (id === undefined)
    throw new ImError('invalid-argument', 'auth names nobody', { purpose: 'login', what: 'auth', why: 'missing' });
  assertPlainId(id, 'client');
  if (app.settings.login === 'signed') await useLoginToken(core, app, id, auth.token);
  else if (!app.settings['maxleap.allowSimpleLogin']) throw refused();
  return id;
}

async function logInPassenger(core: Ports, app: App, passenger: unknown): Promise<Omit<Login, 'ext'>> {
  if (!isJsonObject(passenger)) throw malformed('passenger');
  const { id: wanted = hexId(32), ...attributes } = passenger;
  assertPlainId(wanted, 'passenger id');
  const id = await putPassenger(core, app, wanted, attributes);
  return { app, who: passengerKey(id), id, notifyAll: false };
}

/** The version of the extensions that the client knows. */
const wantsExtensions = ({ ext }: JsonObject): boolean => ext === 1;

/** An install names a device for push; it is bound only when it is a usable text. */
function installOf(auth: JsonObject): string | undefined {
  return typeof auth.install === 'string' && auth.install !== '' && auth.install.length <= 256
    ? auth.install
    : undefined;
}

const malformed = (what: string): ImError =>
  new ImError('invalid-argument', `${what} is not what it should be`, { purpose: 'login', what, why: 'type' });

/** One answer for every wrong credential: it tells nothing about which. */
const refused = (): ImError => new ImError('unauthenticated', 'unauthorised', { purpose: 'login' });
