// /ctx/{user}/friends: friendship is mutual, immediate and the same whichever of the two is named first.
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../core/core.ts';
import type { Friendship } from '../../../core/friends/friend.ts';
import { joinFriends } from '../../../core/friends/join.ts';
import { friendIds, listFriends } from '../../../core/friends/list.ts';
import { openFriendship } from '../../../core/friends/open.ts';
import { partFriends } from '../../../core/friends/part.ts';
import { missingUsers } from '../../../core/users/open.ts';
import { callerOf } from '../caller.ts';
import { idsOf } from './body.ts';
import { answer, gone } from './conventions.ts';
import { describe, detailQuery } from './describe.ts';
import { friendView, unknownUsers } from './policy.ts';
import { flagOf, idIn } from './query.ts';
import * as shapes from './schemas.ts';
import { toFriendship, withRecent, withType } from './shapes.ts';

const tag = 'Friends';
const list = '/ctx/:user/friends';
const pair = '/ctx/:user/friends/:friend';

export function friendRoutes(door: FastifyInstance, core: Core): void {
  const listing = describe(list, {
    tag,
    summary: 'Friends of a user',
    query: detailQuery,
    answers: { 200: shapes.friendList },
  });
  door.get(list, { schema: listing }, async (request, reply) => {
    const { app } = callerOf(request);
    const who = idIn(request, 'user');
    if (!flagOf(request, 'detail')) return answer(reply, await friendIds(core, app, who));
    const friends = await listFriends(core, app, who, friendView(app, who));
    return answer(
      reply,
      friends.map(({ friend, online, recent }) => ({
        id: friend.id,
        online,
        ...withType(friend.kindNo),
        ...withRecent(recent),
      })),
    );
  });

  const batch = describe(list, {
    tag,
    summary: 'Add several friends',
    body: shapes.friendsBody,
    answers: { 200: shapes.friendships },
  });
  door.post(list, { schema: batch }, async (request, reply) => {
    const { app } = callerOf(request);
    const who = idIn(request, 'user');
    const friendships = await joinFriends(core, app, who, idsOf(request.body, 'friends'), unknownUsers(app));
    return answer(
      reply,
      friendships.map((friendship) => toFriendship(app, friendship)),
    );
  });

  const adding = describe(pair, {
    tag,
    summary: 'Make two users friends',
    description: 'Idempotent, in either order. Creates users that nobody has seen yet.',
    answers: { 200: shapes.friendship },
  });
  door.post(pair, { schema: adding }, async (request, reply) => {
    const { app } = callerOf(request);
    const [friendship] = await joinFriends(
      core,
      app,
      idIn(request, 'user'),
      [idIn(request, 'friend')],
      unknownUsers(app),
    );
    return answer(reply, toFriendship(app, friendship as Friendship));
  });

  door.get(
    pair,
    { schema: describe(pair, { tag, summary: 'The friendship of two users', answers: { 200: shapes.friendship } }) },
    async (request, reply) => {
      const { app } = callerOf(request);
      const { friendship, online } = await openFriendship(core, app, idIn(request, 'user'), idIn(request, 'friend'));
      return answer(reply, { ...toFriendship(app, friendship), online });
    },
  );

  const parting = describe(pair, {
    tag,
    summary: 'End a friendship',
    description: 'Succeeds also where there is none. What the two said stays.',
    answers: { 204: shapes.nothing },
  });
  door.delete(pair, { schema: parting }, async (request, reply) => {
    const { app } = callerOf(request);
    const [user, friend] = [idIn(request, 'user'), idIn(request, 'friend')];
    await missingUsers(core, app, [user, friend]);
    await partFriends(core, app, user, [friend]);
    return gone(reply);
  });
}
