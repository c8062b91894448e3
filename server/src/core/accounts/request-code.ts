import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { limits } from '../limits.ts';
import { codeDigest, newCode } from './digest.ts';
import { networkOf } from './lock-out.ts';
import { phoneOf } from './names.ts';
import type { CodePurpose, Pace } from './proofs.ts';

/**
 * Sends a code of six digits to a phone; it lives ten minutes and serves its purpose once. An earlier one of the same
 * purpose is worth nothing any more. Throws `invalid-argument`, `rate-limited` (what: code, retryAfterMs), `feature-off`,
 * `unavailable`; then it can be asked for again at once.
 */
export async function requestCode(
  core: Pick<Core, 'store' | 'sms' | 'clock'>,
  app: App,
  purpose: CodePurpose,
  phone: unknown,
  address?: string,
): Promise<void> {
  const number = phoneOf(phone);
  const code = newCode();
  const digest = codeDigest(app, purpose, number, code);
  const paces = pacesOf(app, purpose, number, address);
  const now = core.clock.now();
  await core.store.accounts.putCode(
    app.no,
    { purpose, phone: number, digest, expiresAt: now + limits.codeAgeMs },
    paces,
    now,
  );
  // A phone without an account hears nothing of a new password; who asked is not told so.
  if (purpose === 'reset' && !(await core.store.accounts.byPhone(app.no, number))) return;
  try {
    await core.sms.send(app, { phone: number, code, purpose, minutes: limits.codeAgeMs / 60_000 });
  } catch (error) {
    await core.store.accounts.dropCode(app.no, purpose, number, digest, paces);
    throw error;
  }
}

function pacesOf(app: App, purpose: CodePurpose, phone: string, address: string | undefined): Pace[] {
  const hourMs = 60 * 60_000;
  return [
    { key: `code/p/${purpose}/${phone}`, free: 1, windowMs: limits.codeEveryMs },
    { key: `code/d/${phone}`, free: limits.codesPerPhoneAndDay, windowMs: 24 * hourMs },
    { key: 'code/all', free: app.settings.codesPerHourMax, windowMs: hourMs },
    ...(address === undefined
      ? []
      : [{ key: `code/i/${networkOf(address)}`, free: limits.codesPerAddressAndHour, windowMs: hourMs }]),
  ];
}
