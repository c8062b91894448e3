// Chat rooms: made, read, changed, deleted, listed.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { changeConversation } from '../../../core/conversations/change.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { createConversation } from '../../../core/conversations/create.ts';
import { eraseConversation } from '../../../core/conversations/erase.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import type { Core } from '../../../core/core.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { conversationsOf, listed, openRoom, toRooms } from '../gatherings.ts';
import { openAll, openNamed } from '../names.ts';
import { bodyOf, fieldOf, namesIn, neededText, numbersIn, objectOf, textOf } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { describe, pageQuery } from './describe.ts';
import { descRule, nameRule, usernameRule } from './groups.ts';
import { numberIn, pageOf, segment } from './query.ts';
import { nothing } from './schemas.ts';
import * as shapes from './schemas-groups.ts';

const tag = 'Chat rooms';
/** Names in one list of a room. */
export const roomNamesMax = 3_000;

export function roomRoutes(door: FastifyInstance, core: Core): void {
  createRoute(door, core);
  listRoutes(door, core);
  const url = '/v1/chatroom/:room';

  const change = describe(url, {
    tag,
    summary: 'Change a chat room',
    description: 'What is not named stays.',
    body: shapes.roomChange,
    answers: { 204: nothing },
  });
  door.put(url, { schema: change, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    const body = objectOf(request);
    const owner = textOf(body, 'owner_username', usernameRule);
    const name = textOf(body, 'name', nameRule);
    const description = textOf(body, 'description', descRule);
    const room = await openRoom(core, app, numberIn(request, 'room'));
    if (owner !== undefined) await giveRoom(core, app, room, owner);
    const facts = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
    if (Object.keys(facts).length > 0) await changeConversation(core, app, room, facts);
    return done(reply);
  });

  const erase = describe(url, {
    tag,
    summary: 'Delete a chat room',
    description: 'Who is in is told, and no longer hears of it.',
    answers: { 204: nothing },
  });
  door.delete(url, { schema: erase, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    await eraseConversation(core, app, await openRoom(core, app, numberIn(request, 'room')));
    return done(reply);
  });
}

/** Throws `user-not-found`, `not-a-member`. */
async function giveRoom(core: Core, app: App, room: Conversation, owner: string): Promise<void> {
  const { id } = await openNamed(core, app, owner);
  await changeMembers(core, app, room, { owner: id, ownerAmong: true }, 'refuse-any');
}

function createRoute(door: FastifyInstance, core: Core): void {
  const url = '/v1/chatroom';
  const create = describe(url, {
    tag,
    summary: 'Make a chat room',
    body: shapes.newRoom,
    answers: { 201: shapes.madeRoom },
  });
  door.post(url, { schema: create, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    const body = objectOf(request);
    const name = neededText(body, 'name', nameRule);
    const owner = neededText(body, 'owner_username', usernameRule);
    const description = textOf(body, 'description', descRule);
    const others = namesIn(fieldOf(body, 'members_username'), 'members_username', roomNamesMax);
    const members = [...new Set([owner, ...others])];
    await openAll(core, app, members);
    const wish = {
      kind: 'room',
      form: 'number',
      owner,
      members,
      name,
      attributes: {},
      // Reports read what is said here, as the vendor's do.
      keeps: true,
      ...(description === undefined ? {} : { description }),
    } as const;
    const { conversation } = await createConversation(core, app, wish, 'refuse-any');
    return answer(reply, { chatroom_id: conversation.no }, 201);
  });
}

function listRoutes(door: FastifyInstance, core: Core): void {
  const list = describe('/v1/chatroom', {
    tag,
    summary: 'All chat rooms, by creation',
    query: pageQuery,
    answers: { 200: shapes.roomPage },
  });
  door.get('/v1/chatroom', { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const page = pageOf(request);
    const { total, conversations } = await listed(core, app, ['room'], page);
    const rooms = await toRooms(core, app, conversations);
    return answer(reply, { total, start: page.start, count: rooms.length, rooms });
  });

  const some = describe('/v1/chatroom/batch', {
    tag,
    summary: 'Several chat rooms',
    description: 'In the order asked; unknown ones are left out.',
    body: shapes.roomNumbers,
    answers: { 200: shapes.rooms },
  });
  door.post('/v1/chatroom/batch', { schema: some }, async (request, reply) => {
    const app = appOf(request);
    const nos = numbersIn(bodyOf(request), 'the body');
    if (nos.length === 0) throw badValue('the body must be an array of ids', 'body');
    const scan = { order: 'created', newestFirst: false, limit: nos.length } as const;
    const { conversations } = await core.store.conversations.scan(app.no, { kinds: ['room'], nos, own: true }, scan);
    const byNo = new Map(conversations.map((room) => [room.no, room]));
    const found = nos.flatMap((no) => byNo.get(no) ?? []);
    return answer(reply, await toRooms(core, app, found));
  });

  const url = '/v1/users/:username/chatroom';
  const mine = describe(url, { tag, summary: 'The chat rooms that a user is in', answers: { 200: shapes.rooms } });
  door.get(url, { schema: mine }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    return answer(reply, await toRooms(core, app, await conversationsOf(core, app, id, ['room'])));
  });
}
