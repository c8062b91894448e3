// A login signature for the user whose session token it is: how an application without a server of its own logs its users
// in where logins have to be signed.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { accountOfSession } from '../../../core/accounts/sessions.ts';
import type { Core } from '../../../core/core.ts';
import { askHook } from '../../../core/hooks/ask.ts';
import { hexId } from '../../../core/ids.ts';
import { sign, signedTexts } from '../signature.ts';
import { answer, callerOf, paramsIn } from './conventions.ts';
import { textOf } from './params.ts';
import { userRow } from './user-rows.ts';

export function signRoutes(door: FastifyInstance, core: Core): void {
  const signed = async (request: FastifyRequest) => {
    const { app } = callerOf(request);
    const account = await accountOfSession(core, app, textOf(paramsIn(request), 'session_token'));
    const { userId } = account;
    if (core.hooks?.wants(app, 'vouch'))
      await askHook(core, app, {
        hook: 'vouch',
        who: userId,
        address: request.ip,
        user: await userRow(core, app, account, true),
      });
    const timestamp = core.clock.now();
    const nonce = hexId(16);
    const [text = ''] = signedTexts.login(app.id, userId)(String(timestamp), nonce);
    return { signature: sign(app, text), nonce, client_id: userId, timestamp };
  };
  door.get('/1.2/rtm/clients/sign', async (request, reply) => answer(reply, await signed(request)));
  door.post('/1.1/rtm/sign', async (request, reply) => answer(reply, await signed(request)));
}
