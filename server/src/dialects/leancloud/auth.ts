// Who calls: an app id and one credential. A caller has the app's rights by the app key, or every right by the master
// key; the first credential that is present decides, and a wrong one is not rescued by a later one.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';

export type Caller = { readonly app: App; readonly master: boolean };

/** Names that SDKs of all ages use for the same thing, in the order in which they are tried. */
const names = {
  id: ['x-lc-id', 'x-avoscloud-application-id', 'x-uluru-application-id', 'x-parse-application-id'],
  key: ['x-lc-key', 'x-avoscloud-application-key', 'x-uluru-application-key', 'x-parse-rest-api-key'],
  masterKey: ['x-avoscloud-master-key', 'x-uluru-master-key', 'x-parse-master-key'],
  sign: ['x-lc-sign', 'x-avoscloud-request-sign'],
  session: ['x-lc-session', 'x-avoscloud-session-token', 'x-uluru-session-token', 'x-parse-session-token'],
} as const;

/** A header by any of its names, without the blanks around it; undefined when it is absent or empty. */
export function headerOf(headers: IncomingHttpHeaders, which: keyof typeof names): string | undefined {
  for (const name of names[which]) {
    const value = headers[name];
    const text = (Array.isArray(value) ? value[0] : value)?.trim();
    if (text) return text;
  }
  return undefined;
}

/** Throws `unauthenticated`; one answer for every reason. */
export async function authenticate(core: Pick<Core, 'apps' | 'clock'>, headers: IncomingHttpHeaders): Promise<Caller> {
  const id = headerOf(headers, 'id');
  const app = id === undefined ? undefined : await core.apps.byId(id);
  if (!app) throw refused();
  return { app, master: isMaster(app, headers, core.clock.now()) };
}

function isMaster(app: App, headers: IncomingHttpHeaders, nowMs: number): boolean {
  const key = headerOf(headers, 'key');
  if (key !== undefined) return byKey(app, key);
  const masterKey = headerOf(headers, 'masterKey');
  if (masterKey !== undefined) {
    if (!equal(masterKey, app.masterKey)) throw refused();
    return true;
  }
  const sign = headerOf(headers, 'sign');
  if (sign !== undefined) return bySign(app, sign, nowMs);
  throw refused();
}

/** `<app key>` or `<master key>,master`. The bare master key is an app-level caller, as one of the SDKs sends it. */
function byKey(app: App, value: string): boolean {
  const comma = value.indexOf(',');
  const key = comma < 0 ? value : value.slice(0, comma);
  const master = comma >= 0 && value.slice(comma + 1).trim() === 'master';
  const fits = master ? equal(key, app.masterKey) : isAppKey(app, key) || (comma < 0 && equal(key, app.masterKey));
  if (!fits) throw refused();
  return master;
}

/** `<md5 of timestamp and key, lower case>,<timestamp>`, with `,master` when the master key made it. */
function bySign(app: App, value: string, nowMs: number): boolean {
  const [digest = '', timestamp = '', suffix] = value.split(',').map((part) => part.trim());
  if (!/^[0-9a-f]{32}$/.test(digest) || !/^[0-9]{1,16}$/.test(timestamp)) throw refused();
  if (suffix !== undefined && suffix !== 'master') throw refused();
  const skewMsMax = app.settings['leancloud.signMaxSkewMs'];
  if (skewMsMax > 0 && Math.abs(nowMs - Number(timestamp)) > skewMsMax) throw refused();
  const keys = suffix === 'master' ? [app.masterKey] : [app.clientKey, ...app.extraKeys];
  const made = keys.map((key) =>
    equal(
      digest,
      createHash('md5')
        .update(timestamp + key)
        .digest('hex'),
    ),
  );
  if (!made.includes(true)) throw refused();
  return suffix === 'master';
}

/** The same, as this server signs what it asks an application's own: the vendor's server SDK believes nobody else. */
export const signFor = ({ clientKey }: Pick<App, 'clientKey'>, nowMs: number): string =>
  `${createHash('md5').update(`${nowMs}${clientKey}`).digest('hex')},${nowMs}`;

const isAppKey = (app: App, key: string): boolean =>
  [app.clientKey, ...app.extraKeys].map((own) => equal(key, own)).includes(true);

/** Digests first: the comparison takes the same time whatever the lengths. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

const refused = (): ImError => new ImError('unauthenticated', 'Unauthorized.');
