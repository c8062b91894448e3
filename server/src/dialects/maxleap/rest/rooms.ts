// /rooms: large, without an owner, and without a history.
import type { FastifyInstance } from 'fastify';
import { assertFits, changeConversation } from '../../../core/conversations/change.ts';
import { createConversation } from '../../../core/conversations/create.ts';
import { eraseConversation } from '../../../core/conversations/erase.ts';
import { conversationIds, listConversations } from '../../../core/conversations/list.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import { openConversation, openWithMembers } from '../../../core/conversations/open.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { callerOf, guard } from '../caller.ts';
import { attributesInBody, idsOf, nameInBody, objectOf } from './body.ts';
import { answer, created, gone } from './conventions.ts';
import { describe, detailQuery, searchQuery } from './describe.ts';
import { unknownMembers, unknownUsers } from './policy.ts';
import { flagOf, idIn, searchOf } from './query.ts';
import * as shapes from './schemas.ts';
import { toRoom } from './shapes.ts';

const tag = 'Rooms';
const all = '/rooms';
const one = '/rooms/:room';
const mine = '/ctx/:user/rooms';

export function roomRoutes(door: FastifyInstance, core: Core): void {
  addCollection(door, core);
  addOne(door, core);

  const listing = describe(mine, {
    tag,
    summary: 'Rooms of a user',
    query: detailQuery,
    answers: { 200: shapes.roomList },
  });
  door.get(mine, { schema: listing }, async (request, reply) => {
    const { app } = callerOf(request);
    const who = idIn(request, 'user');
    if (!flagOf(request, 'detail')) return answer(reply, await conversationIds(core, app, who, 'room'));
    const rooms = await listConversations(core, app, who, 'room');
    return answer(
      reply,
      rooms.map(({ conversation }) => toRoom(conversation)),
    );
  });
}

function addCollection(door: FastifyInstance, core: Core): void {
  const creating = describe(all, {
    tag,
    summary: 'Create a room',
    description: 'Creates users that nobody has seen yet. Being in a room lasts until removed.',
    body: shapes.roomBody,
    answers: { 200: shapes.newId },
  });
  door.post(all, { schema: creating }, async (request, reply) => {
    const { app } = callerOf(request);
    const body = objectOf(request);
    const wish = {
      kind: 'room',
      keeps: false,
      owner: null,
      members: idsOf(body, 'members'),
      ...attributesInBody(body),
    } as const;
    const { conversation } = await createConversation(core, app, wish, unknownUsers(app));
    return answer(reply, conversation.id);
  });

  const searching = describe(all, { tag, summary: 'Search rooms', query: searchQuery, answers: { 200: shapes.rooms } });
  door.get(all, { schema: searching, onRequest: guard('search') }, async (request, reply) => {
    const rooms = await core.store.conversations.find(callerOf(request).app.no, 'room', searchOf(request));
    return answer(reply, rooms.map(toRoom));
  });
}

function addOne(door: FastifyInstance, core: Core): void {
  const detail = describe(one, { tag, summary: 'One room', answers: { 200: shapes.room } });
  const alias = describe(one, {
    tag,
    summary: 'The same as GET',
    description: 'For the SDKs that send POST where GET was meant.',
    answers: { 200: shapes.room },
  });
  for (const [method, schema] of [
    ['GET', detail],
    ['POST', alias],
  ] as const) {
    door.route({
      method,
      url: one,
      schema,
      handler: async (request, reply) =>
        answer(reply, toRoom(await openWithMembers(core, callerOf(request).app, 'room', idIn(request, 'room')))),
    });
  }

  const changing = describe(one, {
    tag,
    summary: 'Change member list or name',
    description: '`members` replaces the list. Everybody named must exist.',
    body: shapes.roomChange,
    answers: { 201: shapes.empty },
  });
  door.put(one, { schema: changing }, async (request, reply) => {
    const { app } = callerOf(request);
    const room = await openConversation(core, app, 'room', idIn(request, 'room'));
    const body = objectOf(request);
    const replace = body.members === undefined ? undefined : idsOf(body, 'members');
    const name = nameInBody(body);
    if (replace === undefined && name === undefined) {
      throw new ImError('invalid-argument', 'nothing to change: name members or name', {
        what: 'body',
        why: 'missing',
      });
    }
    if (name !== undefined) assertFits(room, { name });
    if (replace) await changeMembers(core, app, room, { replace }, unknownMembers(app));
    if (name !== undefined) await changeConversation(core, app, room, { name });
    return created(reply);
  });

  const erasing = describe(one, { tag, summary: 'Delete a room', answers: { 204: shapes.nothing } });
  door.delete(one, { schema: erasing, onRequest: guard('destroy') }, async (request, reply) => {
    const { app } = callerOf(request);
    await eraseConversation(core, app, await openConversation(core, app, 'room', idIn(request, 'room')));
    return gone(reply);
  });
}
