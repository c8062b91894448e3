import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { assertPlainId } from '../ids.ts';
import type { Account } from './account.ts';
import { useLoginToken } from './login-token.ts';
import { assertEnabled } from './open.ts';

/**
 * The account of a user whom the application's own server vouches for; made when there is none, without name or password.
 * Throws what useLoginToken throws, `disabled`, `invalid-argument`.
 */
export async function logInByToken(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  user: string,
  token: string,
): Promise<{ account: Account; created: boolean }> {
  assertPlainId(user, 'client');
  await useLoginToken(core, app, user, token);
  const known = await core.store.accounts.byUser(app.no, user);
  if (known) {
    await assertEnabled(core, app, known);
    return { account: known, created: false };
  }
  const { account } = await core.store.accounts
    .create(app.no, { userId: user }, core.clock.now())
    .catch(async (error: unknown) => {
      const account = await core.store.accounts.byUser(app.no, user);
      if (account && error instanceof ImError && error.code === 'conflict') return { account };
      throw error;
    });
  await assertEnabled(core, app, account);
  return { account, created: true };
}
