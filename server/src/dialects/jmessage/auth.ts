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
