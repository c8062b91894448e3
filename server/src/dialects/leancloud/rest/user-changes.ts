// What a user, or the application for him, changes: his row, his password, his sessions.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../../../core/accounts/account.ts';
import { type AccountWish, changeAccount, removeAccount } from '../../../core/accounts/change.ts';
import { linkProvider } from '../../../core/accounts/log-in-by-provider.ts';
import { closeSessions, openSession } from '../../../core/accounts/sessions.ts';
import { changePassword, setPassword } from '../../../core/accounts/set-password.ts';
import type { Core } from '../../../core/core.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { iso } from '../rows.ts';
import { answer, callerOf, paramsIn, segment } from './conventions.ts';
import { flagOf, optionalText, textOf } from './params.ts';
import { accountOf, attributesAfter, loggedIn, ownAccount, proofsIn, userRow } from './user-rows.ts';

export function userChangeRoutes(door: FastifyInstance, core: Core): void {
  const own = (request: FastifyRequest) => ownAccount(core, request, segment(request, 'id'));
  for (const path of ['/1.1/users/:id', '/1.1/classes/_User/:id']) {
    door.put(path, async (request, reply) => answer(reply, await change(core, request, await own(request))));
    door.delete(path, async (request, reply) => {
      await removeAccount(core, callerOf(request).app, await own(request));
      return answer(reply, {});
    });
  }
  door.put('/1.1/users/:id/updatePassword', async (request, reply) => {
    const { app } = callerOf(request);
    const params = paramsIn(request);
    const [old, next] = [textOf(params, 'old_password'), textOf(params, 'new_password')];
    const account = await own(request);
    await changePassword(core, app, account, { plain: old }, { plain: next }, request.ip);
    return answer(reply, await loggedIn(core, app, await accountOf(core, app, account.userId)));
  });
  door.put('/1.1/users/:id/refreshSessionToken', async (request, reply) => {
    const { app } = callerOf(request);
    const account = await own(request);
    await closeSessions(core, app, account);
    return answer(reply, await loggedIn(core, app, account));
  });
}

/** A new password ends all sessions; who changed it with his own hears of a new one. */
async function change(core: Core, request: FastifyRequest, account: Account): Promise<JsonObject> {
  const { app, master } = callerOf(request);
  const params = paramsIn(request);
  await changeLinks(core, request, account, params);
  let now = await changeAccount(core, app, account, wishOf(account, params, master));
  const plain = optionalText(params, 'password');
  let token: { sessionToken?: string } = {};
  if (plain) {
    await setPassword(core, app, now, { plain });
    now = await accountOf(core, app, account.userId);
    if (!master) token = { sessionToken: (await openSession(core, app, now)).token };
  }
  if (flagOf(params, 'fetchWhenSave') || flagOf(params, 'new'))
    return { ...(await userRow(core, app, now, true)), ...token };
  return { objectId: now.userId, updatedAt: iso(now.updatedAt), ...token };
}

function wishOf(account: Account, params: JsonObject, master: boolean): AccountWish {
  const username = optionalText(params, 'username');
  return {
    ...(username === undefined ? {} : { username }),
    ...(Object.hasOwn(params, 'email') ? { email: textOrNone(params.email) } : {}),
    ...(Object.hasOwn(params, 'mobilePhoneNumber') ? { phone: textOrNone(params.mobilePhoneNumber) } : {}),
    ...(master && Object.hasOwn(params, 'emailVerified') ? { emailVerified: flagOf(params, 'emailVerified') } : {}),
    ...(master && Object.hasOwn(params, 'mobilePhoneVerified')
      ? { phoneVerified: flagOf(params, 'mobilePhoneVerified') }
      : {}),
    attributes: { mode: 'replace', values: attributesAfter(account.attributes, params) },
  };
}

/** Null, and the operator that deletes, take it away. */
const textOrNone = (value: Json | undefined): string | null =>
  typeof value === 'string' ? value : value === null || isJsonObject(value) ? null : String(value);

async function changeLinks(core: Core, request: FastifyRequest, account: Account, params: JsonObject): Promise<void> {
  const { app } = callerOf(request);
  const proofs = proofsIn(params.authData);
  if (proofs) await linkProvider(core, app, account, proofs);
  for (const key of Object.keys(params)) {
    const [column, provider] = key.split('.');
    const value = params[key];
    if (column === 'authData' && provider !== undefined && isJsonObject(value) && value.__op === 'Delete')
      await core.store.accounts.unlink(app.no, account.id, provider, core.clock.now());
  }
}
