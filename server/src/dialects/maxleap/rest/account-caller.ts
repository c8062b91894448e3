// Who is logged in, by a session token alone or beside a key.
import type { FastifyRequest } from 'fastify';
import type { Account } from '../../../core/accounts/account.ts';
import { accountOfSession } from '../../../core/accounts/sessions.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { headerOf } from '../auth.ts';
import { callerOf } from '../caller.ts';

/** The session token of the request; undefined when there is none. */
export const sessionTokenOf = (request: FastifyRequest): string | undefined =>
  headerOf(request.headers, 'x-ml-session-token');

/** Who is logged in. Throws `unauthenticated` (what: token), `session-expired`. */
export async function accountOf(core: Core, request: FastifyRequest): Promise<Account> {
  const { app, account } = callerOf(request);
  if (account) return account;
  const token = sessionTokenOf(request);
  if (token === undefined) throw new ImError('unauthenticated', 'log in first', { what: 'token' });
  return accountOfSession(core, app, token);
}

/** Demands the master key, or (given an account) that account's own session. Throws `forbidden`. */
export async function assertMaster(core: Core, request: FastifyRequest, own?: string): Promise<void> {
  if (callerOf(request).master) return;
  if (own !== undefined && sessionTokenOf(request) !== undefined && (await accountOf(core, request)).id === own) return;
  throw new ImError('forbidden', 'this operation needs the master key');
}
