// An OpenID Connect provider's id_token, verified by the keys that the provider publishes. Keys and the address they are
// at are remembered; a token signed by a key that is new makes them be asked for again, twice a minute at most.
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { Provider } from '../core/accounts/provider.ts';
import { ImError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Identified } from '../core/ports/identity.ts';
import { getJson } from './ask.ts';
import { unproven } from './unproven.ts';

type Oidc = Extract<Provider, { kind: 'oidc' }>;
type Keys = ReturnType<typeof createRemoteJWKSet>;

/** A shared secret or no signature at all is not a provider's word. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const idTokenCharsMax = 16_384;
const clockToleranceS = 60;
/** Issuers whose keys are remembered. */
const issuersMax = 200;

export function openOidc(clock: Clock): (provider: Oidc, proof: JsonObject) => Promise<Identified> {
  const known = new Map<string, Promise<Keys>>();

  function keysOf({ issuer, keysUrl }: Oidc): Promise<Keys> {
    const name = keysUrl ?? issuer;
    const remembered = known.get(name);
    if (remembered) return remembered;
    if (known.size >= issuersMax) known.clear();
    const keys = (keysUrl === undefined ? discover(issuer) : Promise.resolve(keysUrl)).then((url) =>
      createRemoteJWKSet(new URL(url), { timeoutDuration: 5_000, cooldownDuration: 30_000, cacheMaxAge: 10 * 60_000 }),
    );
    known.set(name, keys);
    keys.catch(() => known.delete(name));
    return keys;
  }

  return async (provider, { id_token: token, nonce, id }) => {
    if (typeof token !== 'string' || token.length > idTokenCharsMax) throw unproven();
    try {
      const { payload } = await jwtVerify(token, await keysOf(provider), {
        issuer: provider.issuer,
        audience: [...provider.audience],
        algorithms,
        clockTolerance: clockToleranceS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      const { sub, aud, azp, nonce: said } = payload;
      if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw unproven();
      if (Array.isArray(aud) && aud.length > 1 && !provider.audience.includes(`${azp}`)) throw unproven();
      // A token that was made for one login request is shown by whoever made that request.
      if ((said !== undefined || provider.nonce) && (typeof nonce !== 'string' || said !== nonce)) throw unproven();
      if (id !== undefined && id !== sub) throw unproven();
      return { subject: sub, data: claimsOf(payload) };
    } catch (error) {
      throw translated(error);
    }
  };
}

async function discover(issuer: string): Promise<string> {
  const document = await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (document.issuer !== issuer || typeof document.jwks_uri !== 'string')
    throw new ImError('unavailable', 'the provider does not say where its keys are', { what: 'provider' });
  return document.jwks_uri;
}

const claimsOf = (payload: Record<string, unknown>): JsonObject =>
  Object.fromEntries(
    ['name', 'nickname', 'picture', 'email'].flatMap((name) => {
      const value = payload[name];
      return typeof value === 'string' ? [[name, value.slice(0, 1_024)]] : [];
    }),
  );

/** What is wrong with the token is the client's; that nobody could be asked is not. */
function translated(error: unknown): unknown {
  if (error instanceof ImError) return error;
  const theirs = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
  const ofToken = error instanceof errors.JOSEError && error.code !== errors.JOSEError.code && !theirs;
  if (ofToken) return unproven();
  return new ImError('unavailable', 'the provider cannot be asked now', { what: 'provider' }, { cause: error });
}
