// Whether the apps of end users may register their users themselves. What comes through REST is not concerned.
import type { FastifyInstance } from 'fastify';
import { changeApp } from '../../../core/apps/change.ts';
import type { Core } from '../../../core/core.ts';
import { appOf } from '../caller.ts';
import { answer, done } from './conventions.ts';
import { describe } from './describe.ts';
import * as shapes from './schemas.ts';
import { statusIn, statusQuery } from './status.ts';

const tag = 'Registration by end users';
const url = '/v1/sdkregister/status';

export function selfRegisterRoutes(door: FastifyInstance, core: Core): void {
  const change = describe(url, {
    tag,
    summary: 'Allow or forbid it',
    query: statusQuery,
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: change }, async (request, reply) => {
    await changeApp(core, appOf(request).id, { settings: { 'jmessage.selfRegister': statusIn(request) } });
    return done(reply);
  });

  const show = describe(url, { tag, summary: 'Whether it is allowed', answers: { 200: shapes.status } });
  door.get(url, { schema: show }, async (request, reply) =>
    answer(reply, { status: Number(appOf(request).settings['jmessage.selfRegister']) }),
  );
}
