// Who is in a normal conversation. REST is the application's own hand: no role and no signature is asked for.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { type MemberRule, plainRule } from '../../../core/conversations/member.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import type { Core } from '../../../core/core.ts';
import { openFor } from '../open.ts';
import { iso } from '../rows.ts';
import { answer, callerOf, masterWhenStrict, newestShape, paramsIn, segment } from './conventions.ts';
import { missing, peersOf } from './params.ts';

const path = '/1.2/rtm/conversations/:id/members';

/** Whoever is blocked is left out, and an owner who goes is followed by another. */
const rule: Partial<MemberRule> = { ...plainRule, mode: 'per-id', ownerLeaves: 'successor', blocked: 'skip' };

export function memberRoutes(door: FastifyInstance, core: Core): void {
  door.post(path, { onRequest: masterWhenStrict }, async (request, reply) =>
    answer(reply, await change(core, request, 'add')),
  );
  door.delete(path, { onRequest: masterWhenStrict }, async (request, reply) =>
    answer(reply, await change(core, request, 'remove')),
  );
  door.get(path, { onRequest: masterWhenStrict }, async (request, reply) => {
    const caller = callerOf(request);
    const conversation = await openFor(core, caller.app, 'members', segment(request, 'id'), 'read');
    const people = await core.store.conversations.roster(caller.app.no, conversation.no);
    return answer(reply, newestShape(caller) ? { result: people } : people);
  });
}

async function change(core: Core, request: FastifyRequest, what: 'add' | 'remove') {
  const { app } = callerOf(request);
  const conversation = await openFor(core, app, 'members', segment(request, 'id'));
  const ids = clientIds(request);
  await changeMembers(core, app, conversation, { [what]: ids, rule }, 'create-any');
  return touched(core, app.no, conversation);
}

export function clientIds(request: FastifyRequest): string[] {
  const ids = peersOf(paramsIn(request), 'client_ids', 'peers');
  if (ids === undefined || ids.length === 0) throw missing('client_ids');
  return ids;
}

/** What most changes answer: the row's id and when it last changed. */
export async function touched(core: Pick<Core, 'store'>, app: number, { id, updatedAt }: Conversation) {
  const now = await core.store.conversations.open(app, id);
  return { updatedAt: iso(now?.updatedAt ?? updatedAt), objectId: id };
}
