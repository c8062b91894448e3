import { isJsonObject } from '../json.ts';

/** Where an application's own server listens. */
export type Address = { readonly url: string };

const urlCharsMax = 2_048;

/** Throws an Error that says what would fit. */
export function readAddress(value: unknown): Address {
  const strange = isJsonObject(value) ? Object.keys(value).find((name) => name !== 'url') : undefined;
  if (!isJsonObject(value) || strange !== undefined || typeof value.url !== 'string') throw new Error('takes { url }');
  const parsed = value.url.length > urlCharsMax ? null : URL.parse(value.url);
  if (parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.hash) return { url: parsed.href };
  throw new Error('takes as url an address that begins with https:// or http://');
}
