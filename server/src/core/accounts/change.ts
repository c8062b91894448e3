import type { App } from '../apps/app.ts';
import { type AttributesChange, applyAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import { userTopic } from '../ports/bus.ts';
import type { Account } from './account.ts';
import { emailOf, phoneOf, usernameOf } from './names.ts';

export type AccountWish = {
  readonly username?: string;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly phoneVerified?: boolean;
  readonly emailVerified?: boolean;
  readonly attributes?: AttributesChange;
};

/** A new phone or mail address has to be verified anew. Throws `invalid-argument`, `too-long`, `conflict` (what). */
export async function changeAccount(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  account: Account,
  { username, phone, email, phoneVerified, emailVerified, attributes }: AccountWish,
): Promise<Account> {
  const number = phone === undefined || phone === null ? phone : phoneOf(phone);
  const mail = email === undefined || email === null ? email : emailOf(email);
  return core.store.accounts.change(
    app.no,
    account.id,
    {
      ...(username === undefined ? {} : { username: usernameOf(username) }),
      ...(number === undefined
        ? {}
        : { phone: number, phoneVerified: number === account.phone && account.phoneVerified }),
      ...(mail === undefined ? {} : { email: mail, emailVerified: mail === account.email && account.emailVerified }),
      ...(phoneVerified === undefined ? {} : { phoneVerified }),
      ...(emailVerified === undefined ? {} : { emailVerified }),
      ...(attributes === undefined ? {} : { attributes: applyAttributes(account.attributes, attributes) }),
    },
    core.clock.now(),
  );
}

/** The account alone: its user, who may own groups and has said things, stays. His live connections end. */
export async function removeAccount(core: Pick<Core, 'store' | 'bus'>, app: App, account: Account): Promise<void> {
  await core.store.accounts.remove(app.no, account.id);
  core.bus.publish({ type: 'session-ended', app: app.no, why: 'erased' }, [userTopic(app.no, account.userId)]);
}
