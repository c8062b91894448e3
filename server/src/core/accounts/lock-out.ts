// Who fails waits: an account for itself, and an address for all that come from it. An account's failures are forgiven
// by its next success; an address's are not, or an attacker would clear them with an account of his own.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Patience } from './proofs.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

/** `address`: where the attempt came from, when that is known. */
export type Attempt = { readonly account?: string; readonly address?: string };

const accountKey = (id: string) => `login/a/${id}`;
const addressKey = (address: string) => `login/i/${networkOf(address)}`;

function patiencesOf({ account, address }: Attempt): Patience[] {
  const slow = {
    waitMs: limits.loginWaitMs,
    waitMsMax: limits.loginWaitMsMax,
    forgetMs: limits.loginFailureForgottenMs,
  };
  return [
    ...(account === undefined ? [] : [{ key: accountKey(account), free: limits.loginFailuresFree, ...slow }]),
    ...(address === undefined ? [] : [{ key: addressKey(address), free: limits.addressFailuresFree, ...slow }]),
  ];
}

/** Throws `rate-limited` (what: login, retryAfterMs) while the account or the address is locked. */
export async function assertUnlocked(core: Ports, app: App, attempt: Attempt): Promise<{ failed: string[] }> {
  const now = core.clock.now();
  const keys = patiencesOf(attempt).map(({ key }) => key);
  const { until, failed } = await core.store.accounts.locks(app.no, keys, now);
  if (until > 0)
    throw new ImError('rate-limited', 'too many failed logins: wait a little', {
      what: 'login',
      purpose: 'login',
      retryAfterMs: until - now,
    });
  return { failed };
}

export async function countFailure(core: Ports, app: App, attempt: Attempt): Promise<void> {
  const patiences = patiencesOf(attempt);
  if (patiences.length > 0) await core.store.accounts.recordFailure(app.no, patiences, core.clock.now());
}

/**
 * To be called when a secret has proven right. It is worth nothing while the lock stands: of a hundred guesses sent at
 * once, the right one comes after the wrong ones were counted.
 */
export async function acceptSuccess(core: Ports, app: App, attempt: Attempt): Promise<void> {
  const { failed } = await assertUnlocked(core, app, attempt);
  const own = failed.filter((key) => attempt.account !== undefined && key === accountKey(attempt.account));
  if (own.length > 0) await core.store.accounts.forgetFailures(app.no, own);
}

/** An IPv6 customer has at least 2^64 addresses: their network is what counts. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? [];
  const front = head.split(':').filter(Boolean);
  const back = (tail ?? '').split(':').filter(Boolean);
  const middle = tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return `${[...front, ...middle, ...back].slice(0, 4).join(':')}::`;
}
