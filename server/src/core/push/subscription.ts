// A browser's push subscription, which it hands out as JSON: where to push to, and for whom to encrypt. The address is a
// client's word, and the server calls it: only known push services are called.
import { isJsonObject } from '../json.ts';

export type Subscription = {
  readonly endpoint: URL;
  readonly keys: { readonly p256dh: string; readonly auth: string };
};

const browsers = ['fcm.googleapis.com', 'push.services.mozilla.com', 'notify.windows.com', 'push.apple.com'];

/** undefined: it is none, or leads somewhere else. `hosts`: instead of the known browsers', with their subdomains. */
export function readSubscription(text: string, hosts: readonly string[] = browsers): Subscription | undefined {
  const value = parsed(text);
  if (!isJsonObject(value) || !isJsonObject(value.keys) || typeof value.endpoint !== 'string') return undefined;
  const endpoint = URL.parse(value.endpoint);
  const { p256dh, auth } = value.keys;
  if (!endpoint || !isBytes(p256dh, 65) || !isBytes(auth, 16)) return undefined;
  const { hostname, protocol } = endpoint;
  const safe = protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+)$/.test(hostname));
  const known = hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
  return safe && known ? { endpoint, keys: { p256dh, auth } } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isBytes = (value: unknown, bytes: number): value is string =>
  typeof value === 'string' && /^[\w-]+=*$/.test(value) && Buffer.from(value, 'base64url').length === bytes;
