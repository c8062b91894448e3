// Conversations as the storage API has them: rows of a class, whose member list is a column like any other.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { changeConversation } from '../../../core/conversations/change.ts';
import type { Conversation, ConversationKind } from '../../../core/conversations/conversation.ts';
import { eraseConversation } from '../../../core/conversations/erase.ts';
import { type MemberRule, plainRule } from '../../../core/conversations/member.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { changeOf } from '../changes.ts';
import { findRows } from '../find-rows.ts';
import { iso } from '../rows.ts';
import { compileWhere, parseOrder, type Row } from '../where.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { found as findAll, make, rowOf, stored } from './conversations.ts';
import { assertClient, flagOf, limitOf, objectOf, optionalText } from './params.ts';
import { chosen } from './rows-chosen.ts';

const base = '/1.1/classes/_Conversation';
const kinds: readonly ConversationKind[] = ['direct', 'group', 'room', 'service'];
const membersMax = 500;
const deletesMax = 100;
const rule: Partial<MemberRule> = { ...plainRule, ownerLeaves: 'successor', blocked: 'skip' };
/** What is asked of a request, and is no column. */
const notColumns = ['fetchWhenSave', 'new', 'where', '_fetchWhenSave'];

export function classRoutes(door: FastifyInstance, core: Core): void {
  door.post(base, async (request, reply) => {
    const { row, whole } = await createRow(core, request);
    reply.header('Location', `${base}/${row.objectId}`);
    return answer(reply, whole ? row : { objectId: row.objectId, createdAt: row.createdAt }, 201);
  });
  door.get(base, async (request, reply) =>
    answer(reply, await findAll(core, callerOf(request).app, paramsIn(request), kinds)),
  );
  door.get(`${base}/:id`, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await found(core, app, segment(request, 'id'));
    if (!conversation) return answer(reply, {});
    return answer(reply, chosen(stored(await rowOf(core, app, conversation)), paramsIn(request)));
  });
  door.put(`${base}/:id`, async (request, reply) => answer(reply, await change(core, request)));
  door.delete(`${base}/:id`, async (request, reply) => {
    const { app } = callerOf(request);
    // SDKs that delete many at once name them all in one path. All are there before one is deleted.
    const ids = [...new Set(segment(request, 'id').split(','))];
    if (ids.length > deletesMax)
      throw new ImError('invalid-argument', `at most ${deletesMax} rows are deleted at once.`, { what: 'id' });
    const conversations: Conversation[] = [];
    for (const id of ids) conversations.push(await open(core, app, id));
    for (const conversation of conversations) await eraseConversation(core, app, conversation);
    return answer(reply, {});
  });
  door.get('/1.1/scan/classes/_Conversation', { onRequest: masterOnly }, async (request, reply) =>
    answer(reply, await scan(core, callerOf(request).app, paramsIn(request))),
  );
}

async function found({ store }: Core, app: App, id: string): Promise<Conversation | undefined> {
  const conversation = await store.conversations.open(app.no, id);
  return conversation && kinds.includes(conversation.kind) ? conversation : undefined;
}

async function open(core: Core, app: App, id: string): Promise<Conversation> {
  const conversation = await found(core, app, id);
  if (!conversation) throw new ImError('relation-not-found', "Class or object doesn't exists.");
  return conversation;
}

/** The flags of the storage SDK ask for the whole row. A list of members may come as an operator here. */
async function createRow(core: Core, request: FastifyRequest): Promise<{ row: Row; whole: boolean }> {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const whole = flagOf(params, 'fetchWhenSave') || flagOf(params, 'new');
  const { m, ...columns } = withoutFlags(params);
  const members: JsonObject = m === undefined || m === null ? {} : { m: listedIn(m) };
  const conversation = await make(core, app, { ...columns, ...members });
  const short = { objectId: conversation.id, createdAt: iso(conversation.createdAt) };
  return { row: whole ? stored(await rowOf(core, app, conversation)) : short, whole };
}

const withoutFlags = (params: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(params).filter(([key]) => !notColumns.includes(key)));

/** With `where`, only while it holds. Columns first: a member list that does not fit leaves nothing half done. */
async function change(core: Core, request: FastifyRequest): Promise<JsonObject> {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const conversation = await open(core, app, segment(request, 'id'));
  const where = objectOf(params, 'where');
  if (where && !compileWhere(where)(stored(await rowOf(core, app, conversation))))
    throw new ImError('absent', 'No effect on updating/deleting a document.', { what: 'where' });
  const { m, ...columns } = withoutFlags(params);
  const members = m === undefined || m === null ? undefined : memberChange(m);
  const changed = changeOf(columns);
  if (members) await changeMembers(core, app, conversation, { ...members, rule }, 'create-any');
  await changeConversation(core, app, conversation, changed);
  const now = await open(core, app, conversation.id);
  if (flagOf(params, 'fetchWhenSave') || flagOf(params, 'new')) return stored(await rowOf(core, app, now));
  return { updatedAt: iso(now.updatedAt), objectId: now.id };
}

/** Operators add or remove; a plain list is the whole of it. */
function memberChange(value: Json): { add: string[] } | { remove: string[] } | { replace: string[] } {
  if (Array.isArray(value)) return { replace: textsIn(value) };
  const operator = isJsonObject(value) ? value.__op : undefined;
  if (operator === 'Remove') return { remove: listedIn(value) };
  if (operator === 'Delete') return { replace: [] };
  return { add: listedIn(value) };
}

function listedIn(value: Json): string[] {
  if (isJsonObject(value) && ['Add', 'AddUnique', 'Remove'].includes(String(value.__op)))
    return textsIn(value.objects ?? null);
  return textsIn(value);
}

function textsIn(value: Json): string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw new ImError('invalid-argument', 'Field set to incorrect type: m.', { what: 'members', why: 'type' });
  const ids = [...new Set(value as string[])].slice(0, membersMax);
  for (const id of ids) assertClient(id, 'm');
  return ids;
}

/** In the order of making; the cursor is nobody's business but ours. */
async function scan(core: Core, app: App, params: JsonObject): Promise<JsonObject> {
  const cursor = optionalText(params, 'cursor');
  const skip = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(skip) || skip < 0)
    throw new ImError('invalid-argument', 'cursor is not known.', { what: 'cursor', why: 'syntax' });
  const limit = limitOf(params, 100, 1_000);
  const where = objectOf(params, 'where') ?? {};
  const page = { where, order: parseOrder('createdAt'), skip, limit: limit + 1, kinds, parts: { members: true } };
  const rows = await findRows(core, app, page);
  const results = rows.slice(0, limit).map((row) => chosen(stored(row), params));
  return { results, cursor: rows.length > limit ? String(skip + limit) : null };
}
