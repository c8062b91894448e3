// Accounts as rows of the class `_User`, and what a request says of one.
import type { FastifyRequest } from 'fastify';
import type { Account } from '../../../core/accounts/account.ts';
import { accountOfSession, openSession } from '../../../core/accounts/sessions.ts';
import type { App } from '../../../core/apps/app.ts';
import { applySteps } from '../../../core/conversations/steps.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { assertColumn, stepOf } from '../changes.ts';
import { iso } from '../rows.ts';
import { callerOf, sessionIn } from './conventions.ts';

/** What is no attribute: columns with a place of their own, the server's own, and what is asked of a request. */
const reserved = new Set([
  'objectId',
  'createdAt',
  'updatedAt',
  'sessionToken',
  'username',
  'password',
  'email',
  'emailVerified',
  'mobilePhoneNumber',
  'mobilePhoneVerified',
  'authData',
  'smsCode',
  'salt',
  'fetchWhenSave',
  'new',
  'where',
  'failOnNotExist',
]);

/** `own`: how somebody can be reached and logs in, too. */
export async function userRow(
  core: Pick<Core, 'store'>,
  app: App,
  account: Account,
  own: boolean,
): Promise<JsonObject> {
  const links = own ? await core.store.accounts.links(app.no, account.id) : [];
  return {
    ...account.attributes,
    objectId: account.userId,
    ...(account.username === null ? {} : { username: account.username }),
    ...(own && account.email !== null ? { email: account.email } : {}),
    ...(own && account.phone !== null ? { mobilePhoneNumber: account.phone } : {}),
    emailVerified: account.emailVerified,
    mobilePhoneVerified: account.phoneVerified,
    ...(links.length > 0
      ? {
          authData: Object.fromEntries(
            links.map(({ provider, subject, data }) => [provider, data ?? { uid: subject }]),
          ),
        }
      : {}),
    createdAt: iso(account.createdAt),
    updatedAt: iso(account.updatedAt),
  };
}

/** What a login answers: the row and a token of a new session. */
export async function loggedIn(core: Core, app: App, account: Account): Promise<JsonObject> {
  const { token } = await openSession(core, app, account);
  return { ...(await userRow(core, app, account, true)), sessionToken: token };
}

/** The free columns after what a request says of them. */
export function attributesAfter(before: JsonObject, given: JsonObject): JsonObject {
  const steps = Object.entries(given).flatMap(([key, value]) => {
    const path = key.split('.');
    const [column = ''] = path;
    if (reserved.has(column) || column.startsWith('_')) return [];
    assertColumn(column);
    return [stepOf('attributes', path, value)];
  });
  return applySteps({ attributes: before, columns: {} }, steps).attributes;
}

/** Throws `unauthenticated` (what: token). */
export async function accountIn(core: Core, request: FastifyRequest): Promise<Account> {
  const token = sessionIn(request);
  if (token === undefined)
    throw new ImError('unauthenticated', 'Could not find user.', { what: 'token', purpose: 'login' });
  return accountOfSession(core, callerOf(request).app, token);
}

/** An account by its user's id. Throws `user-not-found`. */
export async function accountOf({ store }: Core, app: App, id: string): Promise<Account> {
  const account = await store.accounts.byUser(app.no, id);
  if (!account) throw new ImError('user-not-found', 'Could not find user.', { what: 'account' });
  return account;
}

/** By its own session or by the master key. Throws `forbidden` (what: session), `user-not-found`. */
export async function ownAccount(core: Core, request: FastifyRequest, id: string): Promise<Account> {
  const { app, master } = callerOf(request);
  if (master) return accountOf(core, app, id);
  const token = sessionIn(request);
  const account = token === undefined ? undefined : await accountOfSession(core, app, token);
  if (account?.userId !== id)
    throw new ImError('forbidden', 'The user cannot be altered by a client without the session.', { what: 'session' });
  return account;
}

/** What a client brings from third parties, by their names. */
export function proofsIn(value: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const proofs = Object.fromEntries(Object.entries(value).filter(([, proof]) => isJsonObject(proof)));
  return Object.keys(proofs).length > 0 ? proofs : undefined;
}
