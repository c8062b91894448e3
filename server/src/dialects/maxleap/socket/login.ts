// Who wants in: the modes of MaxLeap's login, told apart by the keys of the auth object.
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { assertPlainId, hexId, type PrincipalKey, passengerKey } from '../../../core/ids.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { putPassenger } from '../../../core/passengers/put.ts';
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
};

type Ports = Pick<Core, 'store' | 'apps' | 'clock'>;

/**
 * Checks the credentials and creates who logs in for the first time. A credential that can be checked wins over one
 * that cannot: passenger, oauth, phone, username, client. Throws `invalid-argument`, `too-long`, `unauthenticated`.
 */
export async function logIn(core: Ports, rawQuery: string): Promise<Login> {
  const auth = readAuth(rawQuery);
  const app = await openApp(core, auth);
  if (auth.passenger !== undefined)
    return { ...(await logInPassenger(core, app, auth.passenger)), ext: wantsExtensions(auth) };
  for (const mode of ['oauth', 'phone', 'username'] as const) {
    // Accounts are not part of this server yet, so no such credential can be right.
    if (auth[mode] !== undefined) throw refused();
  }
  return logInUser(core, app, auth);
}

async function openApp(core: Ports, auth: JsonObject): Promise<App> {
  if (typeof auth.app !== 'string' || typeof auth.sign !== 'string') throw refused();
  const app = await core.apps.byId(auth.app);
  if (!app || !checkSign(app, auth.sign, core.clock.now())) throw refused();
  return app;
}

async function logInUser(core: Ports, app: App, auth: JsonObject): Promise<Login> {
  if (auth.client === undefined)
    throw new ImError('invalid-argument', 'auth names nobody', { purpose: 'login', what: 'auth', why: 'missing' });
  const id = auth.client;
  assertPlainId(id, 'client');
  if (!app.settings['maxleap.allowSimpleLogin']) throw refused();
  await core.store.users.login(app.no, id, core.clock.now(), installOf(auth));
  return { app, who: id, id, notifyAll: auth.notifyAll === true, ext: wantsExtensions(auth) };
}

async function logInPassenger(core: Ports, app: App, passenger: unknown): Promise<Omit<Login, 'ext'>> {
  if (!isJsonObject(passenger))
    throw new ImError('invalid-argument', 'passenger must be an object', {
      purpose: 'login',
      what: 'passenger',
      why: 'type',
    });
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

/** One answer for every wrong credential: it tells nothing about which. */
const refused = (): ImError => new ImError('unauthenticated', 'unauthorised', { purpose: 'login' });
