// The keys with which an app speaks to push services, as its settings hold them. Checked when they are set, so that a
// wrong file is noticed by the operator and not by the absence of pushes.
import { createPrivateKey } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../json.ts';

export type ApnsKeys = {
  /** The .p8 file's text. */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
  /** The application's bundle id. */
  readonly topic: string;
  /** Tokens of applications that were built for development. */
  readonly sandbox: boolean;
  /** Instead of Apple's own address. */
  readonly baseUrl?: string;
};

/** Names as in the file that Google gives out. */
export type FcmKeys = {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key: string;
  /** Where an access token is to be had. */
  readonly token_uri: string;
  readonly baseUrl?: string;
};

export type WebPushKeys = {
  /** VAPID, base64url: an uncompressed point of P-256, and its scalar. */
  readonly publicKey: string;
  readonly privateKey: string;
  /** Whom a push service may write to: `mailto:` or `https:`. */
  readonly subject: string;
  /** Hosts that pushes go to, with their subdomains; absent: those of the known browsers. */
  readonly hosts?: readonly string[];
};

export type WebhookKeys = {
  readonly url: string;
  /** Bodies are signed with it. */
  readonly secret: string;
};

const valueCharsMax = 16_384;

export function readApns(value: unknown): ApnsKeys {
  const given = fields(value, ['key', 'keyId', 'teamId', 'topic', 'sandbox', 'baseUrl']);
  const key = text(given, 'key');
  if (keyType(key) !== 'ec') throw new Error('takes as key the text of the .p8 file (a private key of P-256 in PEM)');
  if (given.sandbox !== undefined && typeof given.sandbox !== 'boolean')
    throw new Error('takes as sandbox true or false');
  return {
    key,
    keyId: text(given, 'keyId'),
    teamId: text(given, 'teamId'),
    topic: text(given, 'topic'),
    sandbox: given.sandbox === true,
    ...baseUrl(given),
  };
}

/** Takes the service account's file as it is: what is not needed of it is not kept. */
export function readFcm(value: unknown): FcmKeys {
  const given = fields(value);
  const key = text(given, 'private_key');
  if (keyType(key) !== 'rsa')
    throw new Error('takes as private_key an RSA key in PEM, as in the file of a service account');
  return {
    project_id: text(given, 'project_id'),
    client_email: text(given, 'client_email'),
    private_key: key,
    token_uri: given.token_uri === undefined ? 'https://oauth2.googleapis.com/token' : url(given, 'token_uri'),
    ...baseUrl(given),
  };
}

export function readWebPush(value: unknown): WebPushKeys {
  const given = fields(value, ['publicKey', 'privateKey', 'subject', 'hosts']);
  const subject = text(given, 'subject');
  if (!/^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/.test(subject))
    throw new Error('takes as subject mailto:… or https:…');
  const { hosts } = given;
  if (hosts !== undefined && !(Array.isArray(hosts) && hosts.every((host) => typeof host === 'string' && host !== '')))
    throw new Error('takes as hosts a list of host names');
  return {
    publicKey: base64url(given, 'publicKey', 65),
    privateKey: base64url(given, 'privateKey', 32),
    subject,
    ...(hosts === undefined ? {} : { hosts: hosts as string[] }),
  };
}

export function readWebhook(value: unknown): WebhookKeys {
  const given = fields(value, ['url', 'secret']);
  const secret = text(given, 'secret');
  if (secret.length < 16) throw new Error('takes as secret 16 characters or more');
  return { url: url(given, 'url'), secret };
}

/** `known`: no other names; a misspelt one must not look as if it were taken. */
function fields(value: unknown, known?: readonly string[]): JsonObject {
  if (!isJsonObject(value)) throw new Error('takes an object');
  const strange = known && Object.keys(value).find((name) => !known.includes(name));
  if (strange !== undefined) throw new Error(`takes ${known?.join(', ')}; not ${strange.slice(0, 64)}`);
  return value;
}

function text(given: JsonObject, name: string): string {
  const value = given[name];
  if (typeof value === 'string' && value !== '' && value.length <= valueCharsMax) return value;
  throw new Error(`takes as ${name} a text that is not empty`);
}

function url(given: JsonObject, name: string): string {
  const parsed = URL.parse(text(given, name));
  if (parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.hash) return parsed.href;
  throw new Error(`takes as ${name} an address that begins with https:// or http://`);
}

const baseUrl = (given: JsonObject): { baseUrl?: string } =>
  given.baseUrl === undefined ? {} : { baseUrl: url(given, 'baseUrl').replace(/\/+$/, '') };

function base64url(given: JsonObject, name: string, bytes: number): string {
  const value = text(given, name);
  if (/^[\w-]+$/.test(value) && Buffer.from(value, 'base64url').length === bytes) return value;
  throw new Error(`takes as ${name} ${bytes} bytes in base64url`);
}

function keyType(pem: string): string | undefined {
  try {
    const key = createPrivateKey(pem);
    const wrongCurve = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve !== 'prime256v1';
    return wrongCurve ? undefined : key.asymmetricKeyType;
  } catch {
    return undefined;
  }
}
