// Roles as rows: who is more than a plain member. A row's id is made from the conversation and the client, so it is found
// again without being kept.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Member, MemberRole } from '../../../core/conversations/member.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import { setRole } from '../../../core/conversations/roles.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Family, openFor } from '../open.ts';
import { iso } from '../rows.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { integerOf, limitOf, optionalText, peerOf, textOf } from './params.ts';

export const roleWords = { owner: 'Owner', manager: 'Manager', member: 'Member' } as const;
const roles = new Map(Object.entries(roleWords).map(([role, word]) => [word as string, role as MemberRole]));
const special: readonly MemberRole[] = ['owner', 'manager'];

export function memberInfoRoutes(door: FastifyInstance, core: Core): void {
  for (const family of ['conversations', 'chatrooms'] as const) ofFamily(door, core, family);
}

function ofFamily(door: FastifyInstance, core: Core, family: Family): void {
  const path = `/1.2/rtm/${family}/:id/member-infos`;
  const guarded = { onRequest: masterOnly };
  const open = (request: FastifyRequest, purpose: 'read' | 'change') =>
    openFor(core, callerOf(request).app, family, segment(request, 'id'), purpose);

  door.post(path, guarded, async (request, reply) => {
    const conversation = await open(request, 'change');
    const params = paramsIn(request);
    const who = peerOf(params, 'clientId', 'client_id');
    return answer(reply, await give(core, callerOf(request).app, conversation, who, roleIn(textOf(params, 'role'))));
  });
  door.put(`${path}/:info`, guarded, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await open(request, 'change');
    const params = paramsIn(request);
    const named = await whoseInfo(core, app, conversation, segment(request, 'info'));
    const who = optionalText(params, 'clientId', 'client_id') ?? named;
    const word = optionalText(params, 'role');
    const role = word === undefined ? await roleOf(core, app, conversation, named) : roleIn(word);
    if (who !== named) await give(core, app, conversation, named, 'member');
    return answer(reply, await give(core, app, conversation, who, role));
  });
  door.delete(`${path}/:info`, guarded, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await open(request, 'change');
    await give(core, app, conversation, await whoseInfo(core, app, conversation, segment(request, 'info')), 'member');
    return answer(reply, {});
  });
  door.get(path, guarded, async (request, reply) => {
    const conversation = await open(request, 'read');
    const params = paramsIn(request);
    const word = optionalText(params, 'role');
    const page = { skip: Math.max(0, integerOf(params, 'skip') ?? 0), limit: limitOf(params, 100, 1_000) };
    const wanted = word === undefined ? special : [roleIn(word)];
    const { app } = callerOf(request);
    const { members } = await core.store.conversations.members(app.no, conversation.no, { ...page, roles: wanted });
    const results = members.map(({ who, role }) => ({
      clientId: who,
      objectId: infoIdOf(conversation, who),
      role: roleWords[role],
    }));
    return answer(reply, { results });
  });
}

const infoIdOf = ({ id }: Pick<Conversation, 'id'>, who: string): string =>
  createHash('md5').update(`${id}:${who}`).digest('hex').slice(0, 24);

/** A row of the class `_ConversationMemberInfo`. */
export const infoRowOf = (conversation: Conversation, { who, role, joinedAt }: Member): JsonObject => ({
  objectId: infoIdOf(conversation, who),
  cid: conversation.id,
  clientId: who,
  role: roleWords[role],
  createdAt: iso(joinedAt),
  updatedAt: iso(joinedAt),
});

/** Those who are more than plain members. */
export async function specialMembers(
  { store }: Pick<Core, 'store'>,
  app: App,
  { no }: Conversation,
): Promise<Member[]> {
  const { members } = await store.conversations.members(app.no, no, { limit: 1_000, roles: special });
  return members;
}

export function roleIn(word: string): MemberRole {
  const role = roles.get(word);
  if (role === undefined)
    throw new ImError('invalid-argument', 'role is Member, Manager or Owner.', { what: 'role', why: 'syntax' });
  return role;
}

/** Only a member has a role. The owner's goes to somebody else, never away. */
async function give(
  core: Core,
  app: App,
  conversation: Conversation,
  who: string,
  role: MemberRole,
): Promise<JsonObject> {
  if (role === 'owner') await changeMembers(core, app, conversation, { owner: who, ownerAmong: true }, 'create-any');
  else await setRole(core, app, conversation, [who], role);
  const now = await core.store.conversations.open(app.no, conversation.id);
  return { updatedAt: iso(now?.updatedAt ?? conversation.updatedAt), objectId: infoIdOf(conversation, who) };
}

async function whoseInfo({ store }: Core, app: App, conversation: Conversation, info: string): Promise<string> {
  const people = await store.conversations.roster(app.no, conversation.no);
  const who = people.find((one) => infoIdOf(conversation, one) === info);
  if (who === undefined) throw new ImError('relation-not-found', "Class or object doesn't exists.");
  return who;
}

async function roleOf({ store }: Core, app: App, { no }: Conversation, who: string): Promise<MemberRole> {
  const [member] = await store.conversations.among(app.no, no, [who]);
  return member?.role ?? 'member';
}
