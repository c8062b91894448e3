import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import { codeDigest } from './digest.ts';
import { acceptSuccess, assertUnlocked, countFailure } from './lock-out.ts';
import { phoneOf } from './names.ts';
import type { CodePurpose } from './proofs.ts';

/** Uses a code up; answers the phone as it is kept. Throws `unauthenticated` (what: code), `rate-limited` (what: login). */
export async function useCode(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  purpose: CodePurpose,
  phone: unknown,
  code: string,
  address?: string,
): Promise<string> {
  const number = phoneOf(phone);
  await assertUnlocked(core, app, { address });
  const used = { purpose, phone: number, digest: codeDigest(app, purpose, number, code) };
  if (await core.store.accounts.useCode(app.no, used, limits.codeTriesMax, core.clock.now())) {
    await acceptSuccess(core, app, { address });
    return number;
  }
  await countFailure(core, app, { address });
  throw new ImError('unauthenticated', 'the code is wrong or too old', { what: 'code', purpose: 'login' });
}
