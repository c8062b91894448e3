// The password of a user, whoever made him: who came by another door has no account until he gets a password.
import type { Account } from '../../core/accounts/account.ts';
import { findAccount } from '../../core/accounts/open.ts';
import { registerAccount } from '../../core/accounts/register.ts';
import { setPassword } from '../../core/accounts/set-password.ts';
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';

/** `user` exists. */
export async function givePassword(core: Core, app: App, user: string, plain: string): Promise<void> {
  const account = (await findAccount(core, app, { user })) ?? (await makeAccount(core, app, user));
  await setPassword(core, app, account, { plain });
}

/** Named after the user, unless somebody else logs in by that name. */
async function makeAccount(core: Core, app: App, user: string): Promise<Account> {
  for (const names of [{ username: user }, {}]) {
    try {
      return await registerAccount(core, app, { userId: user, ...names });
    } catch (error) {
      if (!(error instanceof ImError) || error.code !== 'conflict') throw error;
      // Made at the same moment by another request: theirs is as good.
      const account = await findAccount(core, app, { user });
      if (account) return account;
    }
  }
  throw new ImError('conflict', 'the user has another account', { what: 'user' });
}
