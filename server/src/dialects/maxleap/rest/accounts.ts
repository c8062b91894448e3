// /2.0/users: making, reading, changing and removing accounts.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../../../core/accounts/account.ts';
import { changeAccount, removeAccount } from '../../../core/accounts/change.ts';
import { linkProvider, logInByProvider } from '../../../core/accounts/log-in-by-provider.ts';
import { passwordOf, usernameOf } from '../../../core/accounts/names.ts';
import { openAccount } from '../../../core/accounts/open.ts';
import { registerAccount } from '../../../core/accounts/register.ts';
import { openSession } from '../../../core/accounts/sessions.ts';
import { setPassword } from '../../../core/accounts/set-password.ts';
import { useCode } from '../../../core/accounts/use-code.ts';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { callerOf } from '../caller.ts';
import { accountOf, assertMaster, sessionTokenOf } from './account-caller.ts';
import * as shapes from './account-shapes.ts';
import { fieldsOf, iso, textIn, toAccountRecord } from './account-shapes.ts';
import { objectOf } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { idIn, searchOf } from './query.ts';

const tag = 'Accounts';
const all = '/2.0/users';
const one = '/2.0/users/:account';

export function accountRoutes(door: FastifyInstance, core: Core): void {
  const registering = describe(all, {
    tag,
    summary: 'Register an account',
    description:
      'With `username` and `password`, or with `authData` of a third party; further fields are kept. With `passenger`, that passenger becomes the new user and keeps his talk. `smsCode` of the purpose "verify" proves the phone.',
    body: shapes.bodyLike({
      username: 'ann',
      password: 's3cret-Pw',
      phone: '13800000000',
      email: 'ann@example.com',
      authData: { google: { id_token: '…' } },
      passenger: 'visitor1',
      smsCode: '123456',
    }),
    answers: { 200: shapes.accountRecord },
  });
  door.post(all, { schema: registering }, async (request, reply) => {
    const { app } = callerOf(request);
    const body = objectOf(request);
    const passenger = textIn(body, 'passenger');
    if (isJsonObject(body.authData) && body.username === undefined) {
      const more = { passenger, address: request.ip };
      const { account, created } = await logInByProvider(core, app, body.authData, more);
      return answer(reply, { ...(await loggedIn(core, app, account)), isNew: created });
    }
    const account = await register(core, request, body, passenger);
    return answer(reply, await loggedIn(core, app, account));
  });

  const listing = describe(all, { tag, summary: 'All accounts (master key)', answers: { 200: shapes.accountRecords } });
  door.get(all, { schema: listing }, async (request, reply) => {
    await assertMaster(core, request);
    const { app } = callerOf(request);
    const { skip, limit } = searchOf(request);
    const accounts = await core.store.accounts.list(app.no, { skip, limit });
    return answer(reply, { results: await Promise.all(accounts.map((account) => recordOf(core, app, account, true))) });
  });

  const reading = describe(one, {
    tag,
    summary: 'An account',
    description: 'Phone, mail address and third parties are shown to the account itself and to the master key.',
    answers: { 200: shapes.accountRecord },
  });
  door.get(one, { schema: reading }, async (request, reply) => {
    const { app, master } = callerOf(request);
    const account = await openAccount(core, app, { account: idIn(request, 'account') });
    const own = sessionTokenOf(request) !== undefined && (await accountOf(core, request)).id === account.id;
    return answer(reply, await recordOf(core, app, account, master || own));
  });

  const changing = describe(one, {
    tag,
    summary: 'Change an account (its own session, or the master key)',
    description: 'What is named changes. A new `password` is for the master key; `authData` links a third party.',
    body: shapes.bodyLike({
      username: 'ann',
      phone: '13800000000',
      email: 'ann@example.com',
      authData: { google: { id_token: '…' } },
      password: 's3cret-Pw',
    }),
    answers: { 200: shapes.changed },
  });
  door.put(one, { schema: changing }, async (request, reply) => {
    const id = idIn(request, 'account');
    await assertMaster(core, request, id);
    return answer(reply, { number: 1, updatedAt: iso((await change(core, request, id)).updatedAt) });
  });

  const removing = describe(one, { tag, summary: 'Remove an account (master key)', answers: { 200: shapes.changed } });
  door.delete(one, { schema: removing }, async (request, reply) => {
    await assertMaster(core, request);
    const { app } = callerOf(request);
    await removeAccount(core, app, await openAccount(core, app, { account: idIn(request, 'account') }));
    return answer(reply, { number: 1 });
  });
}

/** What a login answers: everything of the account, and a new session token. */
export async function loggedIn(core: Core, app: App, account: Account): Promise<JsonObject> {
  const session = await openSession(core, app, account);
  return { ...(await recordOf(core, app, session.account, true)), sessionToken: session.token };
}

async function recordOf(core: Core, app: App, account: Account, full: boolean): Promise<JsonObject> {
  const [user, links] = await Promise.all([
    core.store.users.byId(app.no, account.userId),
    full ? core.store.accounts.links(app.no, account.id) : [],
  ]);
  return toAccountRecord(account, { full, links, enabled: !user?.disabled });
}

async function register(
  core: Core,
  request: FastifyRequest,
  body: JsonObject,
  passenger: string | undefined,
): Promise<Account> {
  const { app, master } = callerOf(request);
  const [username, password] = [usernameOf(body.username), passwordOf(body.password)];
  const phone = textIn(body, 'mobilePhone', 'phone') ?? textIn(body, 'phone');
  const email = textIn(body, 'email');
  const code = textIn(body, 'smsCode', 'code');
  if (phone !== undefined && code !== undefined) await useCode(core, app, 'verify', phone, code, request.ip);
  return registerAccount(core, app, {
    self: !master,
    username,
    password,
    ...(phone === undefined ? {} : { phone, phoneVerified: master || code !== undefined }),
    ...(email === undefined ? {} : { email, emailVerified: master && body.emailVerified === true }),
    ...(passenger === undefined ? {} : { passenger }),
    attributes: fieldsOf(body),
  });
}

async function change(core: Core, request: FastifyRequest, id: string): Promise<Account> {
  const { app, master } = callerOf(request);
  const account = await openAccount(core, app, { account: id });
  const body = objectOf(request);
  const phone = textIn(body, 'mobilePhone', 'phone') ?? textIn(body, 'phone');
  const email = textIn(body, 'email');
  if (master && body.password !== undefined) await setPassword(core, app, account, passwordOf(body.password));
  if (isJsonObject(body.authData)) await linkProvider(core, app, account, body.authData);
  return changeAccount(core, app, account, {
    username: body.username === undefined ? undefined : usernameOf(body.username),
    ...(phone === undefined ? {} : { phone, ...(master ? { phoneVerified: true } : {}) }),
    ...(email === undefined ? {} : { email }),
    attributes: { mode: 'merge', values: fieldsOf(body) },
  });
}
