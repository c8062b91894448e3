// Clients and the app as a whole: who is online, what is unread, who has to go, and what everybody said.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { readLog } from '../../../core/messages/log.ts';
import type { LogFilter, LogRange, Message } from '../../../core/messages/message.ts';
import { noOfMid } from '../../../core/messages/mid.ts';
import { sendAway } from '../../../core/presence/send-away.ts';
import { talkWithService } from '../../../core/services/talk.ts';
import { openAny, openFor } from '../open.ts';
import { unreadTalks } from '../socket/unread.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { assertClient, flagOf, given, integerOf, limitOf, missing, optionalText, peersOf } from './params.ts';
import { recordOf, threadDigest, windowStart } from './records.ts';

/** Where clients speak themselves: what is said in their name by a service is the service's. */
const talked = ['direct', 'group', 'temporary', 'room'] as const;
const clientsPerCallMax = 20;
const reasonCharsMax = 20;
export const sampleMax = 50;

export function clientRoutes(door: FastifyInstance, core: Core): void {
  door.post('/1.2/rtm/clients/check-online', { onRequest: masterOnly }, async (request, reply) => {
    return answer(reply, { results: await onlineAmong(core, callerOf(request).app, paramsIn(request)) });
  });

  door.get('/1.2/rtm/clients/:id/unread-count', async (request, reply) => {
    const { app } = callerOf(request);
    const convId = optionalText(paramsIn(request), 'conv_id', 'convid');
    return answer(reply, { count: await unreadOf(core, app, segment(request, 'id'), convId) });
  });

  door.post('/1.2/rtm/clients/:id/kick', { onRequest: masterOnly }, async (request, reply) => {
    await kick(core, callerOf(request).app, segment(request, 'id'), paramsIn(request));
    return answer(reply, {});
  });

  door.get('/1.2/rtm/clients/:id/messages', { onRequest: masterOnly }, async (request, reply) => {
    const filter = { sender: segment(request, 'id'), kinds: talked };
    return answer(reply, await everything(core, callerOf(request).app, paramsIn(request), filter));
  });
  door.get('/1.2/rtm/messages', { onRequest: masterOnly }, async (request, reply) =>
    answer(reply, await everything(core, callerOf(request).app, paramsIn(request), {})),
  );

  door.get('/1.2/rtm/stats', { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const now = core.clock.now();
    const today = now - (now % 86_400_000);
    const { active } = await core.store.statistics.people(app.no, { from: today, to: now + 1 });
    const online = await core.presence.countOnline(app.no);
    return answer(reply, { result: { online_user_count: online, user_count_today: Math.max(active, online) } });
  });
  attendance(door, core);
}

function attendance(door: FastifyInstance, core: Core): void {
  const room = (request: FastifyRequest): Promise<Conversation> =>
    openFor(core, callerOf(request).app, 'chatrooms', segment(request, 'id'), 'read');
  door.get('/1.2/rtm/chatrooms/:id/members', { onRequest: masterOnly }, async (request, reply) => {
    const { who } = await core.presence.attendees(callerOf(request).app.no, (await room(request)).no, sampleMax);
    return answer(reply, { result: who });
  });
  door.get('/1.2/rtm/chatrooms/:id/members/online-count', { onRequest: masterOnly }, async (request, reply) => {
    const { total } = await core.presence.attendees(callerOf(request).app.no, (await room(request)).no, 0);
    return answer(reply, { result: total });
  });
}

/** Those of the clients that are online. */
export async function onlineAmong({ presence }: Core, app: App, params: JsonObject): Promise<string[]> {
  const ids = peersOf(params, 'client_ids', 'peers');
  if (!ids || ids.length === 0) throw missing('client_ids');
  if (ids.length > clientsPerCallMax)
    throw new ImError('invalid-argument', `client_ids takes at most ${clientsPerCallMax}.`, { what: 'client_ids' });
  const online = await presence.online(app.no, ids);
  return ids.filter((id) => online.has(id));
}

export async function kick(core: Core, app: App, who: string, params: JsonObject): Promise<void> {
  const reason = optionalText(params, 'reason');
  assertClient(who, 'client_id');
  if (reason !== undefined && [...reason].length > reasonCharsMax)
    throw new ImError('invalid-argument', `reason takes at most ${reasonCharsMax} characters.`, { what: 'reason' });
  await sendAway(core, app, who, reason);
}

/** Unread of one conversation, or of all that the client is told of when it comes. */
export async function unreadOf(core: Core, app: App, who: string, convId: string | undefined): Promise<number> {
  assertClient(who, 'client_id');
  if (convId === undefined) {
    const talks = await unreadTalks(core, app, who, true);
    return talks.reduce((sum, { count }) => sum + count, 0);
  }
  const conversation = await openAny(core, app, { conv_id: convId }, 'read');
  const { no, kind } = conversation;
  // Nobody counts what is said in a room.
  if (kind === 'room') return 0;
  const nos = kind === 'service' ? await talkWithService(core, app, conversation, who) : [no];
  const unread = await core.store.marks.unread(app.no, who, nos);
  return Math.min(
    limits.unreadMax,
    unread.reduce((sum, { count }) => sum + count, 0),
  );
}

/** What was said in the whole app, newest first unless it is reversed. */
export async function everything(core: Core, app: App, params: JsonObject, filter: LogFilter): Promise<JsonObject[]> {
  const oldestFirst = flagOf(params, 'reversed');
  const start = await placeOf(core, app, params, 'timestamp', 'msgid', 'include_start');
  const stop = await placeOf(core, app, params, 'till_timestamp', 'till_msgid', 'include_stop');
  const range: LogRange = {
    ...(oldestFirst ? { from: start, to: stop } : { from: stop, to: start }),
    order: oldestFirst ? 'oldest' : 'newest',
  };
  const limit = given(params, 'limit') === undefined ? 100 : limitOf(params, 100, 1_000, 1_000);
  const { messages } = await readLog(core, app, sinceWindow(core, app, range), filter, limit);
  return recordsOf(core, app, messages);
}

/** Nothing is older than the app shows. */
function sinceWindow(core: Core, app: App, range: LogRange): LogRange {
  const ts = windowStart(core, app);
  return range.from && range.from.ts >= ts ? range : { ...range, from: { ts } };
}

async function placeOf(
  { store }: Core,
  app: App,
  params: JsonObject,
  time: string,
  id: string,
  closed: string,
): Promise<LogRange['from']> {
  const ts = integerOf(params, time);
  if (ts === undefined) return undefined;
  const mid = optionalText(params, id);
  const no = mid === undefined ? undefined : (noOfMid(app, mid) ?? (await store.messages.foreignNo(app.no, ts, mid)));
  return { ts, ...(no === undefined ? {} : { no }), closed: flagOf(params, closed) };
}

/** What a service said to one client is the service's, and its name to query by is a digest of both. */
async function recordsOf(core: Core, app: App, messages: readonly Message[]): Promise<JsonObject[]> {
  const nos = messages.map(({ conversation }) => conversation);
  const keys = await core.store.conversations.keys(app.no, nos);
  const threads = nos.filter((_, n) => keys[n]?.kind === 'thread');
  const services = await core.store.services.ofThreads(app.no, threads);
  const ofThread = new Map(threads.map((no, n) => [no, services[n]]));
  return messages.map((message, n) => {
    const service = ofThread.get(message.conversation);
    if (service) return recordOf(app, service.id, message, threadDigest(service.id, service.who));
    return recordOf(app, keys[n]?.id ?? String(message.conversation), message);
  });
}
