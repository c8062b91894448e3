// Who follows a service conversation, and which ones a client follows.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { type MemberRule, plainRule } from '../../../core/conversations/member.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { openFor } from '../open.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { integerOf, limitOf, missing, optionalText, peerOf } from './params.ts';

const base = '/1.2/rtm/service-conversations/:id/subscribers';
const pageMax = 50;
const rule: Partial<MemberRule> = { ...plainRule, ownerLeaves: 'vacant', blocked: 'skip' };

export function subscriberRoutes(door: FastifyInstance, core: Core): void {
  const service = (request: FastifyRequest, purpose: 'change' | 'read') =>
    openFor(core, callerOf(request).app, 'services', segment(request, 'id'), purpose);
  const guarded = { onRequest: masterOnly };

  door.post(base, guarded, async (request, reply) => {
    const who = peerOf(paramsIn(request), 'client_id');
    await subscribe(core, callerOf(request).app, await service(request, 'change'), who);
    return answer(reply, {});
  });
  door.delete(`${base}/:client`, guarded, async (request, reply) => {
    await unsubscribe(core, callerOf(request).app, await service(request, 'change'), segment(request, 'client'));
    return answer(reply, {});
  });
  door.get(base, guarded, async (request, reply) => {
    const conversation = await service(request, 'read');
    return answer(reply, await subscribersOf(core, callerOf(request).app, conversation, paramsIn(request)));
  });
  door.get(`${base}/count`, guarded, async (request, reply) =>
    answer(reply, { count: (await service(request, 'read')).memberCount }),
  );
  door.get('/1.2/rtm/clients/:id/service-conversations', guarded, async (request, reply) =>
    answer(reply, await subscriptionsOf(core, callerOf(request).app, segment(request, 'id'), paramsIn(request))),
  );
}

/** Doing it twice is doing it once. */
export async function subscribe(core: Core, app: App, service: Conversation, who: string): Promise<void> {
  await changeMembers(core, app, service, { add: [who], rule }, 'create-any');
}

export async function unsubscribe(core: Core, app: App, service: Conversation, who: string): Promise<void> {
  if (!(await isSubscribed(core, app, service, who))) return;
  await changeMembers(core, app, service, { remove: [who], rule }, 'create-any');
}

export async function isSubscribed({ store }: Core, app: App, { no }: Conversation, who: string): Promise<boolean> {
  return (await store.conversations.among(app.no, no, [who])).length > 0;
}

const recordOf = (who: string, id: string, joinedAt: number): JsonObject => ({
  timestamp: joinedAt,
  subscriber: who,
  conv_id: id,
});

/** In the order of subscribing; `client_id` is the last one of the page before. */
export async function subscribersOf(
  core: Core,
  app: App,
  { no, id }: Conversation,
  params: JsonObject,
): Promise<JsonObject[]> {
  const after = optionalText(params, 'client_id');
  const limit = limitOf(params, pageMax, pageMax);
  const { members } = await core.store.conversations.members(app.no, no, {
    limit,
    ...(after === undefined ? {} : { after }),
  });
  return members.map(({ who, joinedAt }) => recordOf(who, id, joinedAt));
}

/** By the time of subscribing, from the oldest on unless `direction` is `old`; the cursor itself is left out. */
export async function subscriptionsOf(core: Core, app: App, who: string, params: JsonObject): Promise<JsonObject[]> {
  const cursor = { id: optionalText(params, 'conv_id'), ts: integerOf(params, 'timestamp') };
  if ((cursor.id === undefined) !== (cursor.ts === undefined))
    throw missing(cursor.id === undefined ? 'conv_id' : 'timestamp');
  const direction = optionalText(params, 'direction') ?? 'new';
  if (direction !== 'new' && direction !== 'old')
    throw new ImError('invalid-argument', 'direction is new or old.', { what: 'direction' });
  const all = await everyService(core, app, who);
  const order = (a: Place, b: Place) => a.ts - b.ts || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const sorted = all.sort(direction === 'new' ? order : (a, b) => order(b, a));
  const { id, ts } = cursor;
  const beyond = (one: Place) => {
    if (id === undefined || ts === undefined) return true;
    const side = order(one, { id, ts });
    return direction === 'new' ? side > 0 : side < 0;
  };
  return sorted
    .filter(beyond)
    .slice(0, limitOf(params, pageMax, pageMax))
    .map((one) => recordOf(who, one.id, one.ts));
}

type Place = { readonly id: string; readonly ts: number };

async function everyService({ store }: Core, app: App, who: string): Promise<Place[]> {
  const { conversations } = await store.conversations.scan(
    app.no,
    { kinds: ['service'], member: who },
    { order: 'created', newestFirst: false, limit: limits.queryScanMax },
  );
  const found = await Promise.all(conversations.map(({ no }) => store.conversations.among(app.no, no, [who])));
  return conversations.flatMap(({ id }, n) => {
    const member = found[n]?.[0];
    return member ? [{ id, ts: member.joinedAt }] : [];
  });
}
