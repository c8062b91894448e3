// A service speaks to every client of the app, for as long as its words are valid.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { midOf, noOfMid } from '../../../core/messages/mid.ts';
import { broadcast } from '../../../core/services/broadcast.ts';
import type { Broadcast } from '../../../core/services/service.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { openFor } from '../open.ts';
import { pushWordsOf } from '../push-words.ts';
import { parseData } from '../wire.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { messageIn, senders } from './messages.ts';
import { flagOf, given, integerOf, limitOf, peerOf, textOf } from './params.ts';
import { recordOf } from './records.ts';

/** More than an app can have at once: thirty a day, for a month. */
const validMax = 1_000;

export function broadcastRoutes(door: FastifyInstance, core: Core): void {
  const guarded = { onRequest: masterOnly };
  const path = '/1.2/rtm/broadcasts';
  door.post(path, guarded, async (request, reply) =>
    answer(reply, await sayToEverybody(core, callerOf(request).app, paramsIn(request))),
  );
  door.get(path, guarded, async (request, reply) =>
    answer(reply, await validBroadcasts(core, callerOf(request).app, paramsIn(request))),
  );
  door.delete(`${path}/:mid`, guarded, async (request, reply) => {
    await endBroadcast(core, callerOf(request).app, segment(request, 'mid'));
    return answer(reply, {});
  });
}

export async function sayToEverybody(core: Core, app: App, params: JsonObject): Promise<JsonObject> {
  const sender = peerOf(params, ...senders);
  const service = await openFor(core, app, 'services', textOf(params, 'conv_id', 'convid'), 'send');
  const push = given(params, 'push', 'push_data');
  const text = messageIn({ ...params, ...(push === undefined ? {} : { push_data: push }) });
  const words = pushWordsOf(push);
  const validUntil = integerOf(params, 'valid_till');
  await ensureUsers(core, app, [sender], 'create-any');
  const made = await broadcast(core, app, service, {
    sender,
    ...parseData(text),
    ...(words === undefined ? {} : { push: words }),
    transient: flagOf(params, 'transient'),
    ...(validUntil === undefined ? {} : { validUntil }),
  });
  const pair = { 'msg-id': midOf(app, made), timestamp: made.createdAt };
  return { ...pair, result: pair };
}

/** Devices that have it keep it. Throws `message-not-found`. */
export async function endBroadcast(core: Core, app: App, mid: string): Promise<void> {
  const found = await broadcastOf(core, app, mid);
  if (!found) throw new ImError('message-not-found', 'MESSAGE_NOT_FOUND');
  await core.store.services.endBroadcast(app.no, found.no);
}

/** Records of messages, with the end of each; the newest first. */
export async function validBroadcasts(core: Core, app: App, params: JsonObject): Promise<JsonObject[]> {
  const service = await openFor(core, app, 'services', textOf(params, 'conv_id', 'convid'), 'read');
  const page = { limit: limitOf(params, 100, 1_000), skip: Math.max(0, integerOf(params, 'skip') ?? 0) };
  const found = await core.store.services.broadcasts(app.no, { conversation: service.no, ...page }, core.clock.now());
  return found.map((one) => ({
    ...recordOf(app, service.id, { ...one, ts: one.createdAt, sub: 0, as: 'app', flags: 0 }),
    'valid-till': one.validUntil,
  }));
}

/** One that is still valid; with `service`, of that one. */
export async function broadcastOf(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  mid: string,
  service?: Conversation,
): Promise<Broadcast | undefined> {
  const no = noOfMid(app, mid);
  if (no === undefined) return undefined;
  const of = { limit: validMax, ...(service ? { conversation: service.no } : {}) };
  const valid = await core.store.services.broadcasts(app.no, of, core.clock.now());
  return valid.find((one) => one.no === no);
}
