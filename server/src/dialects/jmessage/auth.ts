// Who calls: HTTP Basic, the app's id as the name and its master key as the password. There are no lesser credentials.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';

/** Throws `unauthenticated`: `missing` when there is no header or an empty one, else `wrong`. */
export async function authenticate(core: Pick<Core, 'apps'>, header: string | undefined): Promise<App> {
  const text = header?.trim();
  if (!text) throw new ImError('unauthenticated', 'no credentials', { why: 'missing' });
  const given = credentials(text);
  const app = given && (await core.apps.byId(given.appKey));
  if (!app || !equal(given.masterSecret, app.masterKey)) {
    throw new ImError('unauthenticated', 'wrong credentials', { why: 'wrong' });
  }
  return app;
}

function credentials(header: string): { appKey: string; masterSecret: string } | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { appKey: text.slice(0, colon), masterSecret: text.slice(colon + 1) };
}

/** Digests first: the comparison takes the same time whatever the lengths. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** What server code hands to a browser so that it may log in. */
export type BrowserSign = {
  readonly appkey: string;
  /** 20 to 36 characters. */
  readonly random_str: string;
  /** Unix milliseconds, as a text. */
  readonly timestamp: string;
  readonly signature: string;
};

const browserSignAgeMsMax = 10 * 60_000;

/** True when the sign was made with the app's master key, no longer than ten minutes ago. */
export function checkBrowserSign(app: App, sign: BrowserSign, nowMs: number): boolean {
  const { appkey, random_str: random, timestamp, signature } = sign;
  if (appkey !== app.id || random.length < 20 || random.length > 36 || !/^\d{1,16}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp)) > browserSignAgeMsMax) return false;
  const words = `appkey=${appkey}&timestamp=${timestamp}&random_str=${random}&key=${app.masterKey}`;
  return equal(signature.toLowerCase(), createHash('md5').update(words).digest('hex'));
}
