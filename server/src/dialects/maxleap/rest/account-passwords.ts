// New passwords: by the old one, by a code sent to the phone, or by a token that the application hands to its user.
import type { FastifyInstance } from 'fastify';
import { emailOf, passwordOf } from '../../../core/accounts/names.ts';
import { type AccountName, openAccount } from '../../../core/accounts/open.ts';
import {
  changePassword,
  makeResetToken,
  resetPassword,
  resetPasswordByCode,
} from '../../../core/accounts/set-password.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { callerOf } from '../caller.ts';
import { accountOf, assertMaster } from './account-caller.ts';
import * as shapes from './account-shapes.ts';
import { codeOf, iso, textIn, textOf } from './account-shapes.ts';
import { objectOf } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';

const tag = 'Accounts';
const afterwards = 'Every session token ends, and so do live connections.';

export function accountPasswordRoutes(door: FastifyInstance, core: Core): void {
  const done = () => ({ number: 1, updatedAt: iso(core.clock.now()) });

  const update = '/2.0/updatePassword';
  const updating = describe(update, {
    tag,
    summary: 'Change the own password, by the old one (session token)',
    description: afterwards,
    body: shapes.bodyLike({ password: 's3cret-Pw', newPassword: 'an0ther-Pw' }),
    answers: { 200: shapes.changed },
  });
  door.post(update, { schema: updating }, async (request, reply) => {
    const account = await accountOf(core, request);
    const { password, newPassword } = objectOf(request);
    const { app } = callerOf(request);
    await changePassword(core, app, account, passwordOf(password), passwordOf(newPassword), request.ip);
    return answer(reply, done());
  });

  const ask = '/2.0/requestPasswordReset';
  const asking = describe(ask, {
    tag,
    summary: 'A token that sets a new password once (master key)',
    description:
      'Of the account with this `username`, `email`, `mobilePhone` or `objectId`. Hand it to its owner by a way you trust; it lives an hour.',
    body: shapes.bodyLike({
      username: 'ann',
      email: 'ann@example.com',
      mobilePhone: '13800000000',
      objectId: '0123456789abcdef01234567',
    }),
    answers: { 200: shapes.resetToken },
  });
  door.post(ask, { schema: asking }, async (request, reply) => {
    await assertMaster(core, request);
    const { app } = callerOf(request);
    const account = await openAccount(core, app, nameIn(objectOf(request)));
    const { token, expiresAt } = await makeResetToken(core, app, account);
    return answer(reply, { token, expiresAt: iso(expiresAt) });
  });

  const reset = '/2.0/resetPassword';
  const resetting = describe(reset, {
    tag,
    summary: 'Set a new password by a reset token',
    description: afterwards,
    body: shapes.bodyLike({ token: '…', password: 's3cret-Pw' }),
    answers: { 200: shapes.changed },
  });
  door.post(reset, { schema: resetting }, async (request, reply) => {
    const body = objectOf(request);
    await resetPassword(core, callerOf(request).app, textOf(body, 'token'), passwordOf(body.password));
    return answer(reply, done());
  });

  const byCode = '/2.0/resetPasswordBySmsCode';
  const coding = describe(byCode, {
    tag,
    summary: 'Set a new password by a code sent to the phone',
    description: afterwards,
    body: shapes.bodyLike({ mobilePhone: '13800000000', smsCode: '123456', password: 's3cret-Pw' }),
    answers: { 200: shapes.changed },
  });
  door.post(byCode, { schema: coding }, async (request, reply) => {
    const body = objectOf(request);
    const phone = textOf(body, 'mobilePhone', 'phone');
    const { app } = callerOf(request);
    await resetPasswordByCode(core, app, phone, codeOf(body), passwordOf(body.password), request.ip);
    return answer(reply, done());
  });
}

function nameIn(body: JsonObject): AccountName {
  const account = textIn(body, 'objectId');
  const username = textIn(body, 'username');
  const email = textIn(body, 'email');
  const phone = textIn(body, 'mobilePhone', 'phone');
  if (account !== undefined) return { account };
  if (username !== undefined) return { username };
  if (email !== undefined) return { email: emailOf(email) };
  if (phone !== undefined) return { phone };
  throw new ImError('invalid-argument', 'name the account', { what: 'username', why: 'missing' });
}
