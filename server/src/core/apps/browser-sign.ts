// What an application's server hands to a page so that it may knock: made with the master key, which the page never sees.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { App } from './app.ts';

export type BrowserSign = {
  /** 20 to 36 characters. */
  readonly random: string;
  /** Unix milliseconds, as a text. */
  readonly timestamp: string;
  /** MD5 in hex, of any case. */
  readonly signature: string;
};

const ageMsMax = 10 * 60_000;

/** True when the sign was made with the app's master key, no longer than ten minutes ago. */
export function checkBrowserSign(app: App, { random, timestamp, signature }: BrowserSign, nowMs: number): boolean {
  if (random.length < 20 || random.length > 36 || !/^\d{1,16}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp)) > ageMsMax || !/^[0-9a-f]{32}$/i.test(signature)) return false;
  const words = `appkey=${app.id}&timestamp=${timestamp}&random_str=${random}&key=${app.masterKey}`;
  return timingSafeEqual(createHash('md5').update(words).digest(), Buffer.from(signature, 'hex'));
}
