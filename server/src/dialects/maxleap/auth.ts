// Who calls: an AppId and one credential, in any of the five header forms that MaxLeap's clients send. REST and the
// socket's login share the check of a sign. A sign never expires unless the app says so: real SDKs compute one and
// repeat it for the life of the page, so it is as good as the key itself.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Account } from '../../core/accounts/account.ts';
import { accountOfSession } from '../../core/accounts/sessions.ts';
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { badCredentialsError } from './errors.ts';

/** Where credentials are looked up. */
export type AuthPorts = Pick<Core, 'apps' | 'clock' | 'store'>;

/**
 * An authenticated caller; `master`: the credential was the master key, or was signed with it. `account`: the credential
 * was the session token of this account.
 */
export type Caller = { readonly app: App; readonly master: boolean; readonly account?: Account };

/** True when `sign` is a request sign made with any key of the app, or one of its keys as it is. */
export function checkSign(app: App, sign: string, nowMs: number): boolean {
  return keyOfSign(app, sign, nowMs) !== undefined;
}

/**
 * The first credential header that is present decides; a later one is not tried. Throws `unauthenticated`, and for session
 * tokens what accountOfSession throws.
 */
export async function authenticate(
  core: AuthPorts,
  appId: string | undefined,
  headers: IncomingHttpHeaders,
): Promise<Caller> {
  const app = appId ? await core.apps.byId(appId) : undefined;
  if (!app) throw badCredentialsError();
  const session = headerOf(headers, 'x-ml-session-token');
  if (session !== undefined && keyHeaders.every((name) => headerOf(headers, name) === undefined))
    return { app, master: false, account: await accountOfSession(core, app, session) };
  const key = keyOfHeaders(app, headers, core.clock.now());
  if (key === undefined) throw badCredentialsError();
  return { app, master: key === app.masterKey };
}

/** A header's value without the blanks around it; undefined when it is absent or empty. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  return text?.trim() || undefined;
}

/** A session token counts where none of these stands before it. */
export const keyHeaders = ['x-ml-masterkey', 'x-ml-apikey', 'x-ml-request-sign'] as const;

function keyOfHeaders(app: App, headers: IncomingHttpHeaders, nowMs: number): string | undefined {
  const masterKey = headerOf(headers, 'x-ml-masterkey');
  if (masterKey !== undefined) return equal(masterKey, app.masterKey) ? app.masterKey : undefined;
  const apiKey = headerOf(headers, 'x-ml-apikey');
  if (apiKey !== undefined) return keyEqualTo(app, apiKey);
  const sign = headerOf(headers, 'x-ml-request-sign');
  return sign === undefined ? undefined : keyOfSign(app, sign, nowMs);
}

/** The key that made the sign `md5(ts + key),ts`; a sign without a comma is the bare key. */
function keyOfSign(app: App, sign: string, nowMs: number): string | undefined {
  const comma = sign.indexOf(',');
  if (comma < 0) return keyEqualTo(app, sign);
  const digest = sign.slice(0, comma).trim();
  const ts = sign.slice(comma + 1).trim();
  if (!/^[0-9a-f]{32}$/i.test(digest) || !/^[0-9]{1,16}$/.test(ts)) return undefined;
  const ageMsMax = app.settings['maxleap.signMaxAgeMs'];
  if (ageMsMax > 0 && Math.abs(nowMs - Number(ts)) > ageMsMax) return undefined;
  const given = digest.toLowerCase();
  return firstThat(app, (key) =>
    equal(
      given,
      createHash('md5')
        .update(ts + key)
        .digest('hex'),
    ),
  );
}

const keyEqualTo = (app: App, given: string): string | undefined => firstThat(app, (key) => equal(given, key));

/** Tries every key whatever the earlier ones answered, so that the time taken tells nothing. */
function firstThat(app: App, fits: (key: string) => boolean): string | undefined {
  let found: string | undefined;
  for (const key of [app.masterKey, app.clientKey, ...app.extraKeys]) {
    if (fits(key)) found ??= key;
  }
  return found;
}

/** Digests first: the comparison takes the same time whatever the lengths. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
