// Logging in and out over REST: by name and password, by a code, or by a token that the application's own server signed.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { logInByCode } from '../../../core/accounts/log-in-by-code.ts';
import { logInByToken } from '../../../core/accounts/log-in-by-token.ts';
import { passwordOf, usernameOf } from '../../../core/accounts/names.ts';
import { provePassword } from '../../../core/accounts/prove-password.ts';
import { closeSession } from '../../../core/accounts/sessions.ts';
import type { Core } from '../../../core/core.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { callerOf } from '../caller.ts';
import { accountOf, sessionTokenOf } from './account-caller.ts';
import * as shapes from './account-shapes.ts';
import { codeOf, textIn, textOf } from './account-shapes.ts';
import { loggedIn } from './accounts.ts';
import { objectOf } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { wordOf } from './query.ts';

const tag = 'Accounts';

export function accountLoginRoutes(door: FastifyInstance, core: Core): void {
  const log = '/2.0/login';
  const words = { tag, summary: 'Log in by name and password', answers: { 200: shapes.accountRecord } };
  const logIn = async (request: FastifyRequest, given: { username?: Json; password?: Json }): Promise<JsonObject> => {
    const { app } = callerOf(request);
    const [username, password] = [usernameOf(given.username), passwordOf(given.password)];
    return loggedIn(core, app, await provePassword(core, app, { username }, password, request.ip));
  };
  const asking = describe(log, {
    ...words,
    description: 'In the query: `username` and `password`. POST keeps them out of proxies’ logs.',
  });
  door.get(log, { schema: asking }, async (request, reply) =>
    answer(
      reply,
      await logIn(request, { username: wordOf(request, 'username'), password: wordOf(request, 'password') }),
    ),
  );
  const posting = describe(log, { ...words, body: shapes.bodyLike({ username: 'ann', password: 's3cret-Pw' }) });
  door.post(log, { schema: posting }, async (request, reply) => answer(reply, await logIn(request, objectOf(request))));

  const url = '/2.0/logout';
  const leaving = describe(url, { tag, summary: 'Log out: the session token ends', answers: { 200: shapes.success } });
  door.route({
    method: ['GET', 'POST'],
    url,
    schema: leaving,
    handler: async (request, reply) => {
      await accountOf(core, request);
      await closeSession(core, callerOf(request).app, sessionTokenOf(request) ?? '');
      return answer(reply, { success: true });
    },
  });

  const byPhone = '/2.0/loginByMobilePhone';
  const coding = describe(byPhone, {
    tag,
    summary: 'Log in by a code sent to a phone',
    description: 'A phone without an account gets one, named after it; `passenger` then becomes the new user.',
    body: shapes.bodyLike({ mobilePhone: '13800000000', smsCode: '123456', passenger: 'visitor1' }),
    answers: { 200: shapes.accountRecord },
  });
  door.post(byPhone, { schema: coding }, async (request, reply) => {
    const { app } = callerOf(request);
    const body = objectOf(request);
    const phone = textOf(body, 'mobilePhone', 'phone');
    const more = { passenger: textIn(body, 'passenger'), address: request.ip };
    const { account, created } = await logInByCode(core, app, phone, codeOf(body), more);
    return answer(reply, { ...(await loggedIn(core, app, account)), isNew: created });
  });

  const byToken = '/2.0/loginByToken';
  const signing = describe(byToken, {
    tag,
    summary: 'Log in by a token that your server signed',
    description:
      'For users of your own account system: `client` is the user id, `token` a login token. Each token serves once.',
    body: shapes.bodyLike({ client: 'ann', token: '…' }),
    answers: { 200: shapes.accountRecord },
  });
  door.post(byToken, { schema: signing }, async (request, reply) => {
    const { app } = callerOf(request);
    const body = objectOf(request);
    const { account, created } = await logInByToken(core, app, textOf(body, 'client'), textOf(body, 'token'));
    return answer(reply, { ...(await loggedIn(core, app, account)), userId: account.userId, isNew: created });
  });
}
