// /system: messages from the application itself, heard by who is online and kept in no history.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Audience, announce } from '../../../core/announcements/announce.ts';
import type { App } from '../../../core/apps/app.ts';
import { openConversation } from '../../../core/conversations/open.ts';
import type { Core } from '../../../core/core.ts';
import { openUser } from '../../../core/users/open.ts';
import { callerOf, guard } from '../caller.ts';
import { parsePush, parseWords } from '../wire.ts';
import { objectOf } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { flagOf, idIn } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'System messages';
const one = '/system/:target';

export function systemRoutes(door: FastifyInstance, core: Core): void {
  const onRequest = guard('system');
  const toAll = describe('/system', {
    tag,
    summary: 'Say something to everybody who is online',
    body: shapes.systemBody,
    answers: { 202: shapes.empty },
  });
  door.post('/system', { schema: toAll, onRequest }, (request, reply) =>
    send(core, request, reply, async () => ({ kind: 'all' })),
  );

  const query = {
    group: Type.String({ description: 'Present: the target is a group' }),
    room: Type.String({ description: 'Present: the target is a room' }),
  };
  const toOne = describe(one, {
    tag,
    summary: 'Say something to a user, a passenger, a group or a room',
    query,
    body: shapes.systemBody,
    answers: { 202: shapes.empty },
  });
  door.post(one, { schema: toOne, onRequest }, (request, reply) =>
    send(core, request, reply, (app) => audienceOf(core, app, request)),
  );
}

async function send(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  audience: (app: App) => Promise<Audience>,
): Promise<FastifyReply> {
  const { app } = callerOf(request);
  const { content, remark, push } = objectOf(request);
  const words = parseWords(content, remark);
  await announce(core, app, await audience(app), words, parsePush(push));
  return answer(reply, {}, 202);
}

async function audienceOf(core: Core, app: App, request: FastifyRequest): Promise<Audience> {
  const id = idIn(request, 'target');
  for (const kind of ['group', 'room'] as const) {
    if (flagOf(request, kind)) return { kind, no: (await openConversation(core, app, kind, id)).no };
  }
  const passenger = (await core.store.users.byId(app.no, id))
    ? undefined
    : await core.store.passengers.byId(app.no, id);
  if (passenger) return { kind: 'passenger', id };
  return { kind: 'user', id: (await openUser(core, app, id)).id };
}
