// `/mutes` carries two features on one path: the first documents' silence of one client for a while, and the newest
// ones' "no push, please" of several. The parameters tell which is meant.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { silenceMembers, unsilenceMembers } from '../../../core/conversations/silence.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { changeQuiets } from '../../../core/quiets/change.ts';
import { conversationSubject } from '../../../core/subjects.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { type Family, openFor } from '../open.ts';
import { answer, callerOf, masterOnly, masterWhenStrict, newestShape, paramsIn, segment } from './conventions.ts';
import { clientIds, touched } from './members.ts';
import { given, integerOf, limitOf, missing, optionalText, peerOf, textOf } from './params.ts';

const ttlSecondsMax = 86_400;

export function silenceRoutes(door: FastifyInstance, core: Core): void {
  const path = '/1.2/rtm/conversations/:id/mutes';
  for (const method of ['POST', 'DELETE'] as const) {
    door.route({
      method,
      url: path,
      onRequest: masterWhenStrict,
      handler: async (request, reply) => answer(reply, await mute(core, request, method === 'POST')),
    });
  }
  door.get(path, { onRequest: masterWhenStrict }, async (request, reply) => {
    const caller = callerOf(request);
    const conversation = await openFor(core, caller.app, 'conversations', segment(request, 'id'), 'read');
    if (!newestShape(caller)) return answer(reply, await timed(core, caller.app, conversation));
    const page = { skip: 0, limit: limits.messagesPageMax };
    const subject = conversationSubject(conversation.no);
    return answer(reply, { result: await core.store.quiets.about(caller.app.no, subject, page) });
  });
  for (const family of ['conversations', 'chatrooms'] as const) {
    temporary(door, core, family, `/1.2/rtm/${family}/:id/temporary-silenceds`);
    permanent(door, core, family, `/1.2/rtm/${family}/:id/permanent-silenceds`);
  }
}

async function mute(core: Core, request: FastifyRequest, on: boolean) {
  const { app } = callerOf(request);
  const conversation = await openFor(core, app, 'conversations', segment(request, 'id'));
  const params = paramsIn(request);
  const one = given(params, 'client_id') !== undefined;
  const several = given(params, 'client_ids') !== undefined;
  if (one === several)
    throw new ImError('invalid-argument', 'client_id or client_ids is required.', {
      what: 'client_id',
      why: 'missing',
    });
  if (several) {
    const subject = conversationSubject(conversation.no);
    const ids = clientIds(request);
    await ensureUsers(core, app, ids, 'create-any');
    for (const who of ids)
      await changeQuiets(core, app, who, { add: on ? [subject] : [], remove: on ? [] : [subject], strict: false });
  } else if (on) await silenceFor(core, app, conversation, params);
  else await unsilenceMembers(core, app, conversation, [textOf(params, 'client_id')], { timed: true });
  return touched(core, app.no, conversation);
}

export async function silenceFor(core: Core, app: App, conversation: Conversation, params: JsonObject): Promise<void> {
  const who = peerOf(params, 'client_id');
  const ttl = integerOf(params, 'ttl') ?? ttlSecondsMax;
  if (ttl < 1 || ttl > ttlSecondsMax)
    throw new ImError('invalid-argument', `ttl is 1 to ${ttlSecondsMax} seconds.`, { what: 'ttl', max: ttlSecondsMax });
  await ensureUsers(core, app, [who], 'create-any');
  const until = core.clock.now() + ttl * 1000;
  await silenceMembers(core, app, conversation, [who], { until, sticky: true, membersOnly: false });
}

async function timed(core: Core, app: App, { no }: Conversation): Promise<string[]> {
  const page = { skip: 0, limit: limits.messagesPageMax, timed: true };
  const { silences } = await core.store.conversations.silences(app.no, no, page, core.clock.now());
  return silences.map(({ who }) => who);
}

function temporary(door: FastifyInstance, core: Core, family: Family, path: string): void {
  door.post(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await openFor(core, app, family, segment(request, 'id'));
    await silenceFor(core, app, conversation, paramsIn(request));
    return answer(reply, {});
  });
  door.delete(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await openFor(core, app, family, segment(request, 'id'));
    await unsilenceMembers(core, app, conversation, [textOf(paramsIn(request), 'client_id')], { timed: true });
    return answer(reply, {});
  });
  door.get(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await openFor(core, app, family, segment(request, 'id'), 'read');
    return answer(reply, { client_ids: await timed(core, app, conversation) });
  });
}

function permanent(door: FastifyInstance, core: Core, family: Family, path: string): void {
  door.post(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await openFor(core, app, family, segment(request, 'id'));
    const ids = clientIds(request);
    await ensureUsers(core, app, ids, 'create-any');
    await silenceMembers(core, app, conversation, ids, { until: null, sticky: true, membersOnly: false });
    return answer(reply, {});
  });
  door.delete(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await openFor(core, app, family, segment(request, 'id'));
    await unsilenceMembers(core, app, conversation, clientIds(request), { timed: false });
    return answer(reply, {});
  });
  door.get(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const { no } = await openFor(core, app, family, segment(request, 'id'), 'read');
    const { skip, limit } = pageIn(paramsIn(request));
    const page = { skip, limit, timed: false };
    const { total, silences } = await core.store.conversations.silences(app.no, no, page, core.clock.now());
    return answer(reply, { client_ids: silences.map(({ who }) => who), ...nextOf(skip, limit, total) });
  });
}

/** Lists that go on where `next` says; its text is nobody's business but ours. */
export function pageIn(params: JsonObject): { skip: number; limit: number } {
  const next = optionalText(params, 'next');
  if (next !== undefined && !/^\d{1,9}$/.test(next)) throw missing('next');
  return { skip: next === undefined ? 0 : Number(next), limit: limitOf(params, 10, 1_000) };
}

export const nextOf = (skip: number, limit: number, total: number): { next?: string } =>
  skip + limit < total ? { next: String(skip + limit) } : {};
