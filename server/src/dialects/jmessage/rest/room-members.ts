// Who is in a chat room, and who may not speak there.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import type { Core } from '../../../core/core.ts';
import { bareId } from '../../../core/ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { appOf } from '../caller.ts';
import { openRoom } from '../gatherings.ts';
import { openAll, openNamed } from '../names.ts';
import { toTime } from '../times.ts';
import { namesOf } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { describe, pageQuery, yesQuery } from './describe.ts';
import { setSilence, statusOf } from './members.ts';
import { numberIn, pageOf, segment } from './query.ts';
import { roomNamesMax } from './rooms.ts';
import { names, nothing } from './schemas.ts';
import * as shapes from './schemas-groups.ts';

const tag = 'Chat rooms';

export function roomMemberRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/chatroom/:room/members';
  const list = describe(url, {
    tag,
    summary: 'Who is in a chat room',
    description: 'In the order of joining; `flag` says who may not speak.',
    query: pageQuery,
    answers: { 200: shapes.roomMemberPage },
  });
  door.get(url, { schema: list, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    const page = pageOf(request, { countMax: roomNamesMax });
    const room = await openRoom(core, app, numberIn(request, 'room'));
    const { total, users } = await listPeople(core, app, room, page);
    return answer(reply, { total, start: page.start, count: users.length, users });
  });

  const add = describe(url, {
    tag,
    summary: 'Put users into a chat room',
    description: 'All or none. Who is in stays in.',
    body: names('eddie'),
    answers: { 204: nothing },
  });
  door.put(url, { schema: add, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    const who = namesOf(request, roomNamesMax);
    await enterRoom(core, app, await openRoom(core, app, numberIn(request, 'room')), who);
    return done(reply);
  });

  const remove = describe(url, {
    tag,
    summary: 'Take users out of a chat room',
    description: 'All or none. The owner stays.',
    body: names('annie'),
    answers: { 204: nothing },
  });
  door.delete(url, { schema: remove, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    const who = namesOf(request, roomNamesMax);
    await exitRoom(core, app, await openRoom(core, app, numberIn(request, 'room')), who);
    return done(reply);
  });

  forbiddenRoute(door, core);
}

function forbiddenRoute(door: FastifyInstance, core: Core): void {
  const url = '/v1/chatroom/:room/forbidden/:username';
  const forbid = describe(url, {
    tag,
    summary: 'Silence somebody in a chat room, or let him speak again',
    query: yesQuery('status', '1: may not speak'),
    answers: { 204: nothing },
  });
  door.put(url, { schema: forbid, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    const silent = statusOf(request);
    const room = await openRoom(core, app, numberIn(request, 'room'));
    const { id } = await openNamed(core, app, segment(request, 'username'));
    await setSilence(core, app, room, [id], silent);
    return done(reply);
  });
}

/** Throws `user-not-found`, `full`, `blocked`. */
export async function enterRoom(core: Core, app: App, room: Conversation, who: readonly string[]): Promise<void> {
  await openAll(core, app, who);
  await changeMembers(core, app, room, { add: who, rule: { blocked: 'error' } }, 'refuse-any');
}

/** Throws `user-not-found`, `not-a-member`, `owner-stays`. */
export async function exitRoom(core: Core, app: App, room: Conversation, who: readonly string[]): Promise<void> {
  await openAll(core, app, who);
  await changeMembers(core, app, room, { remove: who, rule: { absent: 'error' } }, 'refuse-any');
}

async function listPeople(
  core: Core,
  app: App,
  { no }: Conversation,
  { start, count }: { start: number; count: number },
): Promise<{ total: number; users: JsonObject[] }> {
  const zone = app.settings['jmessage.timezone'];
  const { conversations } = core.store;
  const { total, members } = await conversations.members(app.no, no, { skip: start, limit: count });
  const all = { skip: 0, limit: limits.blocksPerRoomMax };
  const { silences } = await conversations.silences(app.no, no, all, core.clock.now());
  const silenced = new Set(silences.map(({ who }) => who));
  const users = await core.store.users.byIds(
    app.no,
    members.map(({ who }) => who),
  );
  return {
    total,
    users: members.map(({ who, joinedAt }, i) => ({
      username: bareId(who),
      flag: silenced.has(who) ? 1 : 0,
      room_ctime: toTime(joinedAt, zone),
      ctime: toTime(users[i]?.createdAt ?? joinedAt, zone),
      mtime: toTime(users[i]?.profileAt ?? joinedAt, zone),
    })),
  };
}
