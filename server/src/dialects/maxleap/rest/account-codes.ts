// Codes sent to phones: each serves its own purpose once.
import type { FastifyInstance } from 'fastify';
import type { CodePurpose } from '../../../core/accounts/proofs.ts';
import { requestCode } from '../../../core/accounts/request-code.ts';
import { verifyPhone } from '../../../core/accounts/verify-phone.ts';
import type { Core } from '../../../core/core.ts';
import { callerOf } from '../caller.ts';
import { accountOf } from './account-caller.ts';
import * as shapes from './account-shapes.ts';
import { codeOf, textOf } from './account-shapes.ts';
import { objectOf } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';

const tag = 'Accounts';

const requests: readonly (readonly [url: string, purpose: CodePurpose, summary: string])[] = [
  ['/2.0/requestLoginSmsCode', 'login', 'Send a code for logging in'],
  ['/2.0/requestResetSmsCode', 'reset', 'Send a code for a new password'],
  ['/2.0/requestMobilePhoneVerify', 'verify', 'Send a code that proves a phone'],
];

export function accountCodeRoutes(door: FastifyInstance, core: Core): void {
  for (const [url, purpose, summary] of requests) {
    const schema = describe(url, {
      tag,
      summary,
      description: 'Six digits, good for ten minutes and one use. The next one can be asked for after a minute.',
      body: shapes.bodyLike({ mobilePhone: '13800000000' }),
      answers: { 200: shapes.success },
    });
    door.post(url, { schema }, async (request, reply) => {
      const phone = textOf(objectOf(request), 'mobilePhone', 'phone');
      await requestCode(core, callerOf(request).app, purpose, phone, request.ip);
      return answer(reply, { success: true });
    });
  }

  const url = '/2.0/verifyMobilePhone';
  const schema = describe(url, {
    tag,
    summary: 'Prove the phone of the own account (session token)',
    body: shapes.bodyLike({ smsCode: '123456' }),
    answers: { 200: shapes.success },
  });
  door.post(url, { schema }, async (request, reply) => {
    const account = await accountOf(core, request);
    await verifyPhone(core, callerOf(request).app, account, codeOf(objectOf(request)), request.ip);
    return answer(reply, { success: true });
  });
}
