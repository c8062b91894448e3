// Session tokens: what a login leaves with a client, so that it need not show its secret again. Revoked by logging out,
// by a new password, and by the account's removal.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import { userTopic } from '../ports/bus.ts';
import type { Account } from './account.ts';
import { newToken, tokenDigest } from './digest.ts';
import { assertEnabled } from './open.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

const dayMs = 86_400_000;

/** The token is shown this once; its digest is kept. */
export async function openSession(
  core: Ports,
  app: App,
  account: Account,
): Promise<{ token: string; account: Account }> {
  const token = newToken();
  const now = core.clock.now();
  const days = app.settings.sessionDays;
  await core.store.accounts.issueToken(
    app.no,
    {
      account: account.id,
      kind: 'session',
      digest: tokenDigest(token),
      expiresAt: days === 0 ? null : now + days * dayMs,
    },
    limits.sessionTokensMax,
    now,
  );
  return { token, account: { ...account, loginAt: now } };
}

/** Throws `unauthenticated` (what: token), `session-expired`, `disabled`. */
export async function accountOfSession(core: Ports, app: App, token: string): Promise<Account> {
  const found = await core.store.accounts.byToken(app.no, 'session', tokenDigest(token), core.clock.now());
  if (!found) throw new ImError('unauthenticated', 'this session is not known', { what: 'token', purpose: 'login' });
  if (found.expired)
    throw new ImError('session-expired', 'this session has expired', { what: 'token', purpose: 'login' });
  await assertEnabled(core, app, found.account);
  return found.account;
}

/** A log-out: the token is worth nothing any more. False: it was not before. */
export const closeSession = (core: Ports, app: App, token: string): Promise<boolean> =>
  core.store.accounts.revokeToken(app.no, 'session', tokenDigest(token));

/** Every token of the account, and the connections that live now. */
export async function closeSessions(core: Ports & Pick<Core, 'bus'>, app: App, account: Account): Promise<void> {
  await core.store.accounts.revokeTokens(app.no, account.id, 'session');
  endConnections(core, app, account);
}

/** After a password was changed: who is in by the old one shows the new one. */
export function endConnections(core: Pick<Core, 'bus'>, app: App, { userId }: Account): void {
  core.bus.publish({ type: 'session-ended', app: app.no, why: 'password' }, [userTopic(app.no, userId)]);
}
