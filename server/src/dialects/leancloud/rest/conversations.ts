// Conversations, chatrooms and service conversations as rows: create, query, read, change, delete.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { changeConversation } from '../../../core/conversations/change.ts';
import type { Conversation, ConversationKind } from '../../../core/conversations/conversation.ts';
import { createConversation } from '../../../core/conversations/create.ts';
import { eraseConversation } from '../../../core/conversations/erase.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { changeOf, newColumns } from '../changes.ts';
import { countRows, findRows } from '../find-rows.ts';
import { type Family, openFor } from '../open.ts';
import { iso, rowsOf } from '../rows.ts';
import { parseOrder, type Row } from '../where.ts';
import { answer, callerOf, masterOnly, masterWhenStrict, newestShape, paramsIn, segment } from './conventions.ts';
import { assertClient, flagOf, given, integerOf, limitOf, objectOf, optionalText, peersOf } from './params.ts';
import { chosen } from './rows-chosen.ts';

const normal: readonly ConversationKind[] = ['direct', 'group'];

type Collection = {
  readonly base: string;
  readonly family: Family;
  readonly kinds: readonly ConversationKind[];
  /** Marks what is created here; absent: the body says. */
  readonly mark?: 'tr' | 'sys';
};

const collections: readonly Collection[] = [
  { base: '/1.2/rtm/conversations', family: 'conversations', kinds: normal },
  { base: '/1.2/rtm/chatrooms', family: 'chatrooms', kinds: ['room'], mark: 'tr' },
  { base: '/1.2/rtm/service-conversations', family: 'services', kinds: ['service'], mark: 'sys' },
];

export function conversationRoutes(door: FastifyInstance, core: Core): void {
  for (const collection of collections) {
    const { base, family, kinds, mark } = collection;
    // What the first documents have works with the app key, everything later asks for the master key.
    const strict = mark === undefined ? masterWhenStrict : masterOnly;
    door.post(base, { onRequest: strict }, async (request, reply) =>
      answer(reply, await create(core, request, collection)),
    );
    door.get(base, { onRequest: masterOnly }, async (request, reply) =>
      answer(reply, await found(core, callerOf(request).app, paramsIn(request), kinds)),
    );
    const one = `${base}/:id`;
    door.get(one, { onRequest: strict }, async (request, reply) => {
      const { app } = callerOf(request);
      const conversation = await openFor(core, app, family, segment(request, 'id'), 'read');
      return answer(reply, stored(await rowOf(core, app, conversation)));
    });
    door.put(one, { onRequest: strict }, async (request, reply) => {
      const { app } = callerOf(request);
      const conversation = await openFor(core, app, family, segment(request, 'id'));
      const columns = paramsIn(request);
      if (Object.hasOwn(columns, 'm'))
        throw new ImError('invalid-argument', 'The key is read only.', { what: 'm', why: 'syntax' });
      const { conversation: now } = await changeConversation(core, app, conversation, changeOf(columns));
      return answer(reply, { updatedAt: iso(now.updatedAt), objectId: now.id });
    });
    door.delete(one, { onRequest: strict }, async (request, reply) => {
      const { app } = callerOf(request);
      await eraseConversation(core, app, await openFor(core, app, family, segment(request, 'id')));
      return answer(reply, {});
    });
  }
  door.get('/1.2/rtm/all-conversations', { onRequest: masterOnly }, async (request, reply) =>
    answer(reply, await found(core, callerOf(request).app, paramsIn(request), [...normal, 'room', 'service'])),
  );
}

async function create(core: Core, request: FastifyRequest, { mark }: Collection): Promise<Row> {
  const caller = callerOf(request);
  const conversation = await make(core, caller.app, paramsIn(request), mark);
  const short = { objectId: conversation.id, createdAt: iso(conversation.createdAt) };
  if (conversation.kind === 'room' || conversation.kind === 'service') return short;
  return conversation.unique || newestShape(caller) ? stored(await rowOf(core, caller.app, conversation)) : short;
}

/** What a row's columns ask for; `mark`: what it is, whatever they say. */
export async function make(core: Core, app: App, params: JsonObject, mark?: Collection['mark']): Promise<Conversation> {
  const kind =
    mark === 'tr' || flagOf(params, 'tr') ? 'room' : mark === 'sys' || flagOf(params, 'sys') ? 'service' : 'group';
  const unique = kind === 'group' && flagOf(params, 'unique');
  const creator = optionalText(params, 'c') || null;
  if (creator !== null) assertClient(creator, 'c');
  const { m: _members, unique: _unique, c: _creator, ...columns } = params;
  const { conversation } = await createConversation(
    core,
    app,
    {
      kind,
      form: 'hex24',
      owner: null,
      creator,
      members: kind === 'group' ? (peersOf(params, 'm') ?? []) : [],
      ...newColumns(columns),
      keeps: true,
      unique,
    },
    'create-any',
  );
  return conversation;
}

export async function rowOf(core: Pick<Core, 'store' | 'clock'>, app: App, conversation: Conversation): Promise<Row> {
  const [row] = await rowsOf(core, app, [conversation], { members: true });
  return row ?? {};
}

/** A row as it is stored: what only a client's query shows is left out. */
export function stored({ conv_type: _type, ...row }: Row): Row {
  return row;
}

/** The answer of a query: rows with the columns that were asked for, and how many there are where that was asked. */
export async function found(
  core: Core,
  app: App,
  params: JsonObject,
  kinds: readonly ConversationKind[],
): Promise<JsonObject> {
  const where = objectOf(params, 'where') ?? {};
  // A client that asks for nothing but the number says limit 0.
  const rows = !flagOf(params, 'count') || Number(given(params, 'limit') ?? 1) !== 0;
  const results = rows ? (await query(core, app, params, kinds)).map((row) => chosen(row, params)) : [];
  return { results, ...(flagOf(params, 'count') ? { count: await countRows(core, app, { where, kinds }) } : {}) };
}

export async function query(
  core: Core,
  app: App,
  params: JsonObject,
  kinds: readonly ConversationKind[],
): Promise<Row[]> {
  const rows = await findRows(core, app, {
    where: objectOf(params, 'where') ?? {},
    order: parseOrder(optionalText(params, 'order') ?? '-createdAt'),
    skip: Math.max(0, integerOf(params, 'skip') ?? 0),
    limit: given(params, 'limit') === undefined ? 100 : limitOf(params, 100, 1_000),
    kinds,
    parts: { members: true },
  });
  return rows.map(stored);
}
