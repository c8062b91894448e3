// Signatures by which an application's own server allows what a client does: HMAC-SHA1 by the master key over a text
// that names the deed.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { App } from '../../core/apps/app.ts';
import { ImError } from '../../core/errors.ts';

export type Signature = {
  /** As it was sent: milliseconds, of some back-ends seconds. */
  readonly timestamp: number | string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
};

const ageMsMax = 6 * 60 * 60_000;
/** Below this a timestamp is in seconds. */
const millisecondsFrom = 100_000_000_000;

export const sign = ({ masterKey }: Pick<App, 'masterKey'>, text: string): string =>
  createHmac('sha1', masterKey).update(text).digest('hex');

/** Moment of a signature, Unix milliseconds; undefined when it is no number. */
export function timeOf({ timestamp }: Signature): number | undefined {
  const value = Number(timestamp);
  if (timestamp === undefined || timestamp === '' || !Number.isSafeInteger(value)) return undefined;
  return value < millisecondsFrom ? value * 1000 : value;
}

/**
 * Whether one of the texts, made from timestamp and nonce as they were sent, was signed within six hours. `after`: and
 * not before this moment, Unix milliseconds.
 */
export function isSigned(
  app: Pick<App, 'masterKey'>,
  given: Signature,
  texts: (timestamp: string, nonce: string) => readonly string[],
  nowMs: number,
  after = 0,
): boolean {
  const { timestamp, nonce, signature } = given;
  const at = timeOf(given);
  if (at === undefined || nonce === undefined || signature === undefined) return false;
  if (at < nowMs - ageMsMax || at > nowMs + ageMsMax || at < after) return false;
  return texts(String(timestamp), nonce)
    .map((text) => equal(sign(app, text), signature.toLowerCase()))
    .includes(true);
}

function equal(made: string, given: string): boolean {
  const [a, b] = [Buffer.from(made), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const sorted = (members: readonly string[]): string => [...new Set(members)].sort().join(':');

/** The texts that allow each deed; an SDK's older and newer words for it are equally good. */
export const signedTexts = {
  login: (app: string, client: string) => (timestamp: string, nonce: string) => [
    `${app}:${client}::${timestamp}:${nonce}`,
  ],
  create: (app: string, client: string, members: readonly string[]) => (timestamp: string, nonce: string) =>
    [sorted(members), ''].flatMap((some) => {
      const text = `${app}:${client}:${some}:${timestamp}:${nonce}`;
      return [text, `${text}:create`];
    }),
  members:
    (app: string, client: string, conversation: string, members: readonly string[], deed: 'add' | 'remove') =>
    (timestamp: string, nonce: string) =>
      (deed === 'add' ? ['invite', 'add'] : ['kick', 'remove']).map(
        (word) => `${app}:${client}:${conversation}:${sorted(members)}:${timestamp}:${nonce}:${word}`,
      ),
  history: (app: string, client: string, conversation: string) => (timestamp: string, nonce: string) => [
    `${app}:${client}:${conversation}:${nonce}:${timestamp}`,
  ],
  conversationBlocks:
    (app: string, client: string, conversation: string, members: readonly string[], deed: 'block' | 'unblock') =>
    (timestamp: string, nonce: string) => [
      `${app}:${client}:${conversation}:${sorted(members)}:${timestamp}:${nonce}:conversation-${deed}-clients`,
    ],
  clientBlocks:
    (app: string, client: string, conversation: string, deed: 'block' | 'unblock') =>
    (timestamp: string, nonce: string) => [
      `${app}:${client}:${conversation}::${timestamp}:${nonce}:client-${deed}-conversations`,
    ],
} as const;

/** Throws `signature-rejected` (purpose) unless it is good. */
export function assertSigned(
  what: 'login' | 'conversation' | 'history' | 'blacklist',
  ...args: Parameters<typeof isSigned>
): void {
  if (!isSigned(...args))
    throw new ImError('signature-rejected', `the ${what} signature is missing or wrong`, { what });
}
