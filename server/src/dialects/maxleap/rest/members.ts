// Members of groups and rooms. Anyone with a key may change any of them: there are no per-user rights in this door.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { MemberChange } from '../../../core/conversations/member.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import { openConversation } from '../../../core/conversations/open.ts';
import type { Core } from '../../../core/core.ts';
import { callerOf } from '../caller.ts';
import { idsOf } from './body.ts';
import { created, gone } from './conventions.ts';
import { describe } from './describe.ts';
import { unknownMembers } from './policy.ts';
import { idIn } from './query.ts';
import * as shapes from './schemas.ts';

export function memberRoutes(door: FastifyInstance, core: Core): void {
  addRoutes(door, core, 'group', 'Group members');
  addRoutes(door, core, 'room', 'Room members');
}

function addRoutes(door: FastifyInstance, core: Core, kind: 'group' | 'room', tag: string): void {
  const list = `/${kind}s/:${kind}/members`;
  const one = `${list}/:member`;
  const change = async (request: FastifyRequest, memberChange: MemberChange): Promise<void> => {
    const { app } = callerOf(request);
    const conversation = await openConversation(core, app, kind, idIn(request, kind));
    await changeMembers(core, app, conversation, memberChange, unknownMembers(app));
  };
  const named = (request: FastifyRequest) => idsOf(request.body, 'members');

  const adding = describe(list, {
    tag,
    summary: 'Add members',
    description: 'All or nobody.',
    body: shapes.membersBody,
    answers: { 201: shapes.empty },
  });
  door.post(list, { schema: adding }, async (request, reply) => {
    await change(request, { add: named(request) });
    return created(reply);
  });

  const removing = describe(list, {
    tag,
    summary: 'Remove members',
    description: 'All or nobody; an owner stays.',
    body: shapes.membersBody,
    answers: { 204: shapes.nothing },
  });
  door.delete(list, { schema: removing }, async (request, reply) => {
    await change(request, { remove: named(request) });
    return gone(reply);
  });

  door.post(
    one,
    { schema: describe(one, { tag, summary: 'Join', answers: { 201: shapes.empty } }) },
    async (request, reply) => {
      await change(request, { add: [idIn(request, 'member')] });
      return created(reply);
    },
  );

  door.delete(
    one,
    { schema: describe(one, { tag, summary: 'Leave', answers: { 204: shapes.nothing } }) },
    async (request, reply) => {
      await change(request, { remove: [idIn(request, 'member')] });
      return gone(reply);
    },
  );
}
