// A third party as an app configures it (setting `providers`): its kind says how a proof is checked.
import { isJsonObject } from '../json.ts';

export type Provider =
  /** The proof is an id_token, signed by one of the keys that the issuer publishes. */
  | {
      readonly kind: 'oidc';
      readonly issuer: string;
      /** Client ids of the app at the provider. */
      readonly audience: readonly string[];
      /** Where the keys are; absent: as the issuer's discovery document says. */
      readonly keysUrl?: string;
      /** Demand a `nonce` in the token, and the same beside it. */
      readonly nonce?: boolean;
    }
  /** The proof is an access token, which the provider is asked about. `base`: its address, for a stand-in. */
  | {
      readonly kind: 'wechat' | 'qq' | 'weibo';
      /** The app's id at the provider (WeChat needs none: its user ids differ from app to app). */
      readonly appId?: string;
      readonly base?: string;
    };

/** By the name that clients send: `{"google": {"id_token": …}}`. */
export type Providers = { readonly [name: string]: Provider };

const providersMax = 32;

/** As a setting holds them. Throws an Error that says what would fit. */
export function readProviders(value: unknown): Providers {
  const given = isJsonObject(value) ? Object.entries(value) : [];
  if (given.length === 0 || given.length > providersMax)
    throw new Error(`takes an object of 1 to ${providersMax} providers by their names`);
  return Object.fromEntries(given.map(([name, provider]) => [nameOf(name), readProvider(provider)]));
}

function nameOf(name: string): string {
  if (!/^[a-z][\w-]{0,31}$/i.test(name)) throw new Error('takes names of letters, digits, _ and -');
  return name;
}

function readProvider(value: unknown): Provider {
  if (!isJsonObject(value)) throw new Error('takes an object for each provider');
  const { kind } = value;
  if (kind === 'oidc') {
    const audience = Array.isArray(value.audience) ? value.audience : [value.audience];
    if (audience.length === 0 || !audience.every((id): id is string => typeof id === 'string' && id !== ''))
      throw new Error('takes as audience your client ids at the provider');
    return {
      kind,
      // Compared letter by letter with what tokens say: a slash at its end is part of it.
      issuer: urlOf(value.issuer, 'issuer'),
      audience,
      ...(value.keysUrl === undefined ? {} : { keysUrl: urlOf(value.keysUrl, 'keysUrl') }),
      ...(value.nonce === true ? { nonce: true } : {}),
    };
  }
  if (kind !== 'wechat' && kind !== 'qq' && kind !== 'weibo')
    throw new Error('takes as kind oidc, wechat, qq or weibo');
  const { appId } = value;
  // Their user ids are the same for every app: without its own id, an app would believe tokens that were given to others.
  if (kind !== 'wechat' && (typeof appId !== 'string' || appId === ''))
    throw new Error(`takes as appId your app's id at ${kind}`);
  return {
    kind,
    ...(typeof appId === 'string' ? { appId } : {}),
    ...(value.base === undefined ? {} : { base: urlOf(value.base, 'base') }),
  };
}

function urlOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || !/^https?:\/\/\S+$/.test(value) || !URL.canParse(value))
    throw new Error(`takes as ${what} an http(s) address`);
  return value;
}
