// /groups: small, with an owner, and with a history.
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
import { groupView, unknownMembers, unknownUsers } from './policy.ts';
import { flagOf, idIn, searchOf } from './query.ts';
import * as shapes from './schemas.ts';
import { toGroup, withRecent } from './shapes.ts';

const tag = 'Groups';
const all = '/groups';
const one = '/groups/:group';
const mine = '/ctx/:user/groups';

export function groupRoutes(door: FastifyInstance, core: Core): void {
  addCollection(door, core);
  addOne(door, core);

  const listing = describe(mine, {
    tag,
    summary: 'Groups of a user',
    query: detailQuery,
    answers: { 200: shapes.groupList },
  });
  door.get(mine, { schema: listing }, async (request, reply) => {
    const { app } = callerOf(request);
    const who = idIn(request, 'user');
    if (!flagOf(request, 'detail')) return answer(reply, await conversationIds(core, app, who, 'group'));
    const groups = await listConversations(core, app, who, 'group', groupView(app, who));
    return answer(
      reply,
      groups.map(({ conversation, recent }) => ({ ...toGroup(conversation), ...withRecent(recent) })),
    );
  });
}

function addCollection(door: FastifyInstance, core: Core): void {
  const creating = describe(all, {
    tag,
    summary: 'Create a group',
    description:
      'The owner always belongs to the group; `members` shows him only when he is listed. Creates users that nobody has seen yet.',
    body: shapes.groupBody,
    answers: { 200: shapes.newId },
  });
  door.post(all, { schema: creating }, async (request, reply) => {
    const { app } = callerOf(request);
    const body = objectOf(request);
    if (typeof body.owner !== 'string')
      throw new ImError('invalid-argument', 'a group needs an owner', { what: 'owner', why: 'missing' });
    const wish = {
      kind: 'group',
      keeps: true,
      owner: body.owner,
      members: idsOf(body, 'members'),
      ...attributesInBody(body),
    } as const;
    const { conversation } = await createConversation(core, app, wish, unknownUsers(app));
    return answer(reply, conversation.id);
  });

  const searching = describe(all, {
    tag,
    summary: 'Search groups',
    query: searchQuery,
    answers: { 200: shapes.groups },
  });
  door.get(all, { schema: searching, onRequest: guard('search') }, async (request, reply) => {
    const groups = await core.store.conversations.find(callerOf(request).app.no, 'group', searchOf(request));
    return answer(reply, groups.map(toGroup));
  });
}

function addOne(door: FastifyInstance, core: Core): void {
  const detail = describe(one, { tag, summary: 'One group', answers: { 200: shapes.group } });
  const alias = describe(one, {
    tag,
    summary: 'The same as GET',
    description: 'For the SDKs that send POST where GET was meant.',
    answers: { 200: shapes.group },
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
        answer(reply, toGroup(await openWithMembers(core, callerOf(request).app, 'group', idIn(request, 'group')))),
    });
  }

  const changing = describe(one, {
    tag,
    summary: 'Change owner, member list or name',
    description: 'First the owner changes, then `members` replaces the list. Everybody named must exist.',
    body: shapes.groupChange,
    answers: { 201: shapes.empty },
  });
  door.put(one, { schema: changing }, async (request, reply) => {
    const { app } = callerOf(request);
    const group = await openConversation(core, app, 'group', idIn(request, 'group'));
    const body = objectOf(request);
    const owner = typeof body.owner === 'string' ? body.owner : undefined;
    const replace = body.members === undefined ? undefined : idsOf(body, 'members');
    const name = nameInBody(body);
    if (owner === undefined && replace === undefined && name === undefined) {
      throw new ImError('invalid-argument', 'nothing to change: name owner, members or name', {
        what: 'body',
        why: 'missing',
      });
    }
    if (name !== undefined) assertFits(group, { name });
    if (owner !== undefined || replace) {
      await changeMembers(
        core,
        app,
        group,
        { ...(owner === undefined ? {} : { owner }), ...(replace ? { replace } : {}) },
        unknownMembers(app),
      );
    }
    if (name !== undefined) await changeConversation(core, app, group, { name });
    return created(reply);
  });

  const erasing = describe(one, { tag, summary: 'Delete a group with its history', answers: { 204: shapes.nothing } });
  door.delete(one, { schema: erasing, onRequest: guard('destroy') }, async (request, reply) => {
    const { app } = callerOf(request);
    await eraseConversation(core, app, await openConversation(core, app, 'group', idIn(request, 'group')));
    return gone(reply);
  });
}
