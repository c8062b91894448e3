// Users sign up and log in: by a name, a mail address or a phone with a password, by a code that was sent to the phone, or
// through a third party.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changeAccount } from '../../../core/accounts/change.ts';
import { logInByCode } from '../../../core/accounts/log-in-by-code.ts';
import { logInByProvider } from '../../../core/accounts/log-in-by-provider.ts';
import { type AccountName, findAccount } from '../../../core/accounts/open.ts';
import { provePassword } from '../../../core/accounts/prove-password.ts';
import { registerAccount } from '../../../core/accounts/register.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { answer, callerOf, paramsIn, segment, sessionIn } from './conventions.ts';
import { flagOf, optionalText } from './params.ts';
import { accountIn, accountOf, attributesAfter, loggedIn, proofsIn, userRow } from './user-rows.ts';

export function userRoutes(door: FastifyInstance, core: Core): void {
  door.post('/1.1/users', async (request, reply) => {
    const { row, created } = await signUp(core, request);
    if (created) reply.header('Location', `/1.1/users/${row.objectId}`);
    return answer(reply, row, created ? 201 : 200);
  });
  door.post('/1.1/usersByMobilePhone', async (request, reply) => {
    const { row, created } = await signUpByPhone(core, request);
    return answer(reply, row, created ? 201 : 200);
  });
  door.post('/1.1/login', async (request, reply) => answer(reply, await logIn(core, request)));
  door.get('/1.1/users/me', async (request, reply) => {
    const account = await accountIn(core, request);
    const row = await userRow(core, callerOf(request).app, account, true);
    return answer(reply, { ...row, sessionToken: sessionIn(request) });
  });
  for (const path of ['/1.1/users/:id', '/1.1/classes/_User/:id'])
    door.get(path, async (request, reply) => {
      const { app, master } = callerOf(request);
      const account = await accountOf(core, app, segment(request, 'id'));
      const token = sessionIn(request);
      const own = master || (token !== undefined && (await accountIn(core, request)).id === account.id);
      return answer(reply, await userRow(core, app, account, own));
    });
}

async function signUp(core: Core, request: FastifyRequest): Promise<{ row: JsonObject; created: boolean }> {
  const { app, master } = callerOf(request);
  const params = paramsIn(request);
  const proofs = proofsIn(params.authData);
  const username = optionalText(params, 'username');
  if (proofs && username === undefined) return signUpByProvider(core, request, proofs);
  const plain = optionalText(params, 'password');
  if (!username) throw missing('username');
  if (!plain) throw missing('password');
  const phone = optionalText(params, 'mobilePhoneNumber');
  const email = optionalText(params, 'email');
  const account = await registerAccount(core, app, {
    self: !master,
    username,
    password: { plain },
    attributes: attributesAfter({}, params),
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
  });
  return { row: await loggedIn(core, app, account), created: true };
}

const missing = (what: string): ImError =>
  new ImError('invalid-argument', `${what} is missing or empty.`, { what, why: 'missing' });

/** With `failOnNotExist` only who is known already logs in. */
async function signUpByProvider(core: Core, request: FastifyRequest, proofs: JsonObject) {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const knownOnly = flagOf(params, 'failOnNotExist');
  const { account, created } = await logInByProvider(core, app, proofs, { address: request.ip, knownOnly });
  const attributes = created ? attributesAfter({}, params) : {};
  const full =
    Object.keys(attributes).length > 0
      ? await changeAccount(core, app, account, { attributes: { mode: 'replace', values: attributes } })
      : account;
  return { row: await loggedIn(core, app, full), created };
}

async function signUpByPhone(core: Core, request: FastifyRequest) {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const code = optionalText(params, 'smsCode');
  if (!code) throw missing('smsCode');
  const phone = optionalText(params, 'mobilePhoneNumber');
  const { account, created } = await logInByCode(core, app, phone, code, { address: request.ip });
  const username = optionalText(params, 'username');
  const values = attributesAfter({}, params);
  const full = created
    ? await changeAccount(core, app, account, {
        ...(username === undefined ? {} : { username }),
        attributes: { mode: 'merge', values },
      })
    : account;
  return { row: await loggedIn(core, app, full), created };
}

/** A code logs in whose phone is known; a first login by one is a sign-up and has a path of its own. */
async function logIn(core: Core, request: FastifyRequest): Promise<JsonObject> {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const phone = optionalText(params, 'mobilePhoneNumber');
  const code = optionalText(params, 'smsCode');
  if (phone !== undefined && code !== undefined) {
    if (!(await findAccount(core, app, { phone })))
      throw new ImError('unauthenticated', 'Could not find user.', { what: 'account', purpose: 'login' });
    const { account } = await logInByCode(core, app, phone, code, { address: request.ip });
    return loggedIn(core, app, account);
  }
  const plain = optionalText(params, 'password');
  if (!plain) throw missing('password');
  const account = await provePassword(core, app, nameIn(params), { plain }, request.ip);
  return loggedIn(core, app, account);
}

function nameIn(params: JsonObject): AccountName {
  const phone = optionalText(params, 'mobilePhoneNumber');
  if (phone !== undefined) return { phone };
  const email = optionalText(params, 'email');
  if (email !== undefined) return { email };
  const username = optionalText(params, 'username');
  if (!username) throw missing('username');
  return { username };
}
