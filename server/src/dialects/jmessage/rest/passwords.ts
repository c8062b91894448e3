// Passwords, and who is switched off.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { markUser } from '../../../core/users/mark.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { openNamed } from '../names.ts';
import { givePassword } from '../password.ts';
import { passwordRule } from '../register.ts';
import { neededText, objectOf } from './body.ts';
import { done } from './conventions.ts';
import { describe, yesQuery } from './describe.ts';
import { flagIn, segment } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Users';

export function passwordRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/users/:username/password';
  const change = describe(url, {
    tag,
    summary: 'Give a user a new password',
    description: 'Ends his sessions.',
    body: shapes.newPassword,
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: change }, async (request, reply) => {
    const app = appOf(request);
    const password = neededText(objectOf(request), 'new_password', passwordRule);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    await givePassword(core, app, id, password);
    return done(reply);
  });

  // The second is how one client says it.
  for (const path of ['/v1/users/:username/forbidden', '/v1/users/:username/nodisturb']) {
    const schema = describe(path, {
      tag,
      summary: 'Switch a user off, or on again',
      description: 'Who is off cannot log in and cannot speak, through no door; his sessions end.',
      query: yesQuery('disable', 'Off: `true`, `1`; on: `false`, `0`'),
      answers: { 204: shapes.nothing },
    });
    door.put(path, { schema }, (request, reply) => switchOff(core, request, reply));
  }
}

async function switchOff(core: Core, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const app = appOf(request);
  const disabled = flagIn(request, 'disable');
  if (disabled === undefined) throw badValue('disable is missing', 'disable');
  const { id } = await openNamed(core, app, segment(request, 'username'));
  await markUser(core, app, id, { disabled });
  return done(reply);
}
