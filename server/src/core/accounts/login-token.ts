// Login tokens: an app's own server vouches for one user, for a few minutes and one login, with the master key. Two forms:
//   <hex>,<expiry>,<nonce>   HMAC-SHA256 over `<app id>\n<user id>\n<expiry>\n<nonce>`; expiry in Unix milliseconds,
//                            nonce 8 to 64 letters, digits, _ and -
//   a JWT (HS256)            `sub` the user id, `exp` in Unix seconds; `aud`, when there is one, names the app; a `jti`
//                            tells apart the tokens of one second
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { limits } from '../limits.ts';
import { tokenDigest } from './digest.ts';

/** For trying, and for servers in this language. `lifeMs` at most limits.loginTokenAgeMsMax. */
export function makeLoginToken(app: Pick<App, 'id' | 'masterKey'>, user: string, now: number, lifeMs: number): string {
  const expiry = now + lifeMs;
  const nonce = randomBytes(12).toString('base64url');
  return `${sign(app, plainText(app, user, expiry, nonce)).toString('hex')},${expiry},${nonce}`;
}

/** The same as a JWT. Its times are whole seconds: the life is rounded up. */
export function makeLoginJwt(app: Pick<App, 'id' | 'masterKey'>, user: string, now: number, lifeMs: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.ceil((now + lifeMs) / 1_000);
  const claims = {
    sub: user,
    aud: app.id,
    iat: Math.floor(now / 1_000),
    exp,
    jti: randomBytes(12).toString('base64url'),
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign(app, signed).toString('base64url')}`;
}

/** Uses the token up. Throws `unauthenticated` (what: token) for a wrong or used one, `session-expired` for an old one. */
export async function useLoginToken(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  user: string,
  token: unknown,
): Promise<void> {
  const now = core.clock.now();
  const read = typeof token === 'string' && token.length <= 4_096 ? readToken(app, user, token) : undefined;
  if (!read || !(read.expiresAt <= now + limits.loginTokenAgeMsMax + limits.loginTokenSkewMs)) throw refused();
  if (read.expiresAt <= now)
    throw new ImError('session-expired', 'this login token has expired', { what: 'token', purpose: 'login' });
  if (!(await core.store.accounts.useOnce(app.no, tokenDigest(read.signed), read.expiresAt, now))) throw refused();
}

/** `signed`: what the signature is over. A signature can be written in several ways; its text cannot. */
type Read = { readonly expiresAt: number; readonly signed: string };

function readToken(app: App, user: string, token: string): Read | undefined {
  const plain = /^([0-9a-f]{64}),(\d{1,16}),([A-Za-z0-9_-]{8,64})$/i.exec(token);
  if (!plain) return readJwt(app, user, token);
  const [, mac = '', expiry = '', nonce = ''] = plain;
  const signed = plainText(app, user, Number(expiry), nonce);
  return timingSafeEqual(Buffer.from(mac, 'hex'), sign(app, signed))
    ? { expiresAt: Number(expiry), signed }
    : undefined;
}

function readJwt(app: App, user: string, token: string): Read | undefined {
  const [head = '', claims = '', mac = '', ...more] = token.split('.');
  const signed = `${head}.${claims}`;
  const given = Buffer.from(mac, 'base64url');
  const right = sign(app, signed);
  if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const { alg, crit } = partOf(head);
  const { sub, exp, nbf, aud } = partOf(claims);
  // Only what was signed as HS256 is read so: `none` and the asymmetric kinds never come this far.
  if (alg !== 'HS256' || crit !== undefined || sub !== user || typeof exp !== 'number') return undefined;
  if (aud !== undefined && !(Array.isArray(aud) ? aud : [aud]).includes(app.id)) return undefined;
  if (nbf !== undefined && typeof nbf !== 'number') return undefined;
  return { expiresAt: exp * 1_000, signed };
}

function partOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

const plainText = ({ id }: Pick<App, 'id'>, user: string, expiry: number, nonce: string): string =>
  `${id}\n${user}\n${expiry}\n${nonce}`;

const sign = ({ masterKey }: Pick<App, 'masterKey'>, text: string): Buffer =>
  createHmac('sha256', masterKey).update(text, 'utf8').digest();

const refused = (): ImError =>
  new ImError('unauthenticated', 'this login token is not good', { what: 'token', purpose: 'login' });
