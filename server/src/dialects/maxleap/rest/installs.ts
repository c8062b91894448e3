// /ctx/{user}/installs: a device that logs out of an account is bound to it no longer.
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { missingUsers } from '../../../core/users/open.ts';
import { callerOf } from '../caller.ts';
import { idsOf } from './body.ts';
import { gone } from './conventions.ts';
import { describe } from './describe.ts';
import { idIn } from './query.ts';
import * as shapes from './schemas.ts';

const url = '/ctx/:user/installs';

export function installRoutes(door: FastifyInstance, core: Core): void {
  const schema = describe(url, {
    tag: 'Users',
    summary: 'Unbind devices from a user',
    description: 'Ids that are not bound are ignored.',
    body: shapes.installsBody,
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema }, async (request, reply) => {
    const { app } = callerOf(request);
    const user = idIn(request, 'user');
    await missingUsers(core, app, [user]);
    const installs = idsOf(request.body, 'installs');
    if (installs.length > 0) await core.store.users.unbindInstalls(app.no, user, installs);
    return gone(reply);
  });
}
