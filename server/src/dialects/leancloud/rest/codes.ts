// Codes that are sent to phones, and what they are good for. Mail is not sent by this server.
import type { FastifyInstance } from 'fastify';
import { findAccount } from '../../../core/accounts/open.ts';
import { requestCode } from '../../../core/accounts/request-code.ts';
import { resetPasswordByCode } from '../../../core/accounts/set-password.ts';
import { useCode } from '../../../core/accounts/use-code.ts';
import { verifyPhone } from '../../../core/accounts/verify-phone.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { iso } from '../rows.ts';
import { answer, callerOf, paramsIn, segment } from './conventions.ts';
import { optionalText, textOf } from './params.ts';
import { accountIn } from './user-rows.ts';

const codePaths = [
  ['requestSmsCode', 'login'],
  ['requestLoginSmsCode', 'login'],
  ['requestMobilePhoneVerify', 'verify'],
  ['requestChangePhoneNumber', 'verify'],
  ['requestPasswordResetBySmsCode', 'reset'],
] as const;

export function codeRoutes(door: FastifyInstance, core: Core): void {
  for (const [path, purpose] of codePaths)
    door.post(`/1.1/${path}`, async (request, reply) => {
      const phone = optionalText(paramsIn(request), 'mobilePhoneNumber');
      await requestCode(core, callerOf(request).app, purpose, phone, request.ip);
      return answer(reply, {});
    });
  door.post('/1.1/verifySmsCode/:code', async (request, reply) => {
    const phone = optionalText(paramsIn(request), 'mobilePhoneNumber');
    await useCode(core, callerOf(request).app, 'login', phone, segment(request, 'code'), request.ip);
    return answer(reply, {});
  });
  // Whose phone it is, is said by his session, or by the number itself.
  door.post('/1.1/verifyMobilePhone/:code', async (request, reply) => {
    const { app } = callerOf(request);
    const phone = optionalText(paramsIn(request), 'mobilePhoneNumber');
    const account = phone === undefined ? await accountIn(core, request) : await findAccount(core, app, { phone });
    if (!account) throw new ImError('unauthenticated', 'Invalid SMS code.', { what: 'code', purpose: 'login' });
    await verifyPhone(core, app, account, segment(request, 'code'), request.ip);
    return answer(reply, {});
  });
  door.post('/1.1/changePhoneNumber', async (request, reply) => {
    const { app } = callerOf(request);
    const params = paramsIn(request);
    const account = await accountIn(core, request);
    const code = textOf(params, 'code', 'smsCode');
    const phone = await useCode(core, app, 'verify', optionalText(params, 'mobilePhoneNumber'), code, request.ip);
    const change = { phone, phoneVerified: true };
    const now = await core.store.accounts.change(app.no, account.id, change, core.clock.now());
    return answer(reply, { objectId: now.userId, updatedAt: iso(now.updatedAt) });
  });
  door.put('/1.1/resetPasswordBySmsCode/:code', async (request, reply) => {
    const params = paramsIn(request);
    const phone = textOf(params, 'mobilePhoneNumber');
    const next = { plain: textOf(params, 'password') };
    await resetPasswordByCode(core, callerOf(request).app, phone, segment(request, 'code'), next, request.ip);
    return answer(reply, {});
  });
  for (const path of ['requestEmailVerify', 'requestPasswordReset'])
    door.post(`/1.1/${path}`, async () => {
      throw new ImError('feature-off', 'This server sends no mail.', { what: 'mail' });
    });
}
