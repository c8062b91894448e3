// /ctx/{user}/installs: a device that logs out of an account is bound to it no longer; and where a device can be reached.
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject } from '../../../core/json.ts';
import { registerInstall } from '../../../core/push/register.ts';
import { missingUsers } from '../../../core/users/open.ts';
import { callerOf } from '../caller.ts';
import { idsOf, objectOf } from './body.ts';
import { answer, gone } from './conventions.ts';
import { describe } from './describe.ts';
import { unknownUsers } from './policy.ts';
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

  const one = `${url}/:install`;
  const registering = describe(one, {
    tag: 'Users',
    summary: 'Say where a device can be reached when its user is not connected',
    description: 'Binds the device to the user, as a login that names it does. An addition to what MaxLeap had.',
    body: shapes.installBody,
    answers: { 200: shapes.empty },
  });
  door.put(one, { schema: registering }, async (request, reply) => {
    const { app } = callerOf(request);
    const user = idIn(request, 'user');
    const { platform, token, language, appVersion } = objectOf(request);
    const registration = {
      install: idIn(request, 'install'),
      platform: textIn('platform', platform),
      // A browser's subscription is an object, and is kept as its text.
      token: isJsonObject(token) ? JSON.stringify(token) : textIn('token', token),
      language: language === undefined || language === null ? null : textIn('language', language),
      appVersion: appVersion === undefined || appVersion === null ? null : textIn('appVersion', appVersion),
    };
    await registerInstall(core, app, user, registration, unknownUsers(app));
    return answer(reply, {});
  });
}

function textIn(what: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ImError('invalid-argument', `${what} must be a text that is not empty`, { what, why: 'type' });
}
