// Attribute maps of users, groups and rooms: the same five operations on three subjects.
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../../core/apps/app.ts';
import { type AttributesChange, attributeOf } from '../../../core/attributes.ts';
import { changeConversation } from '../../../core/conversations/change.ts';
import type { ConversationChange } from '../../../core/conversations/conversation.ts';
import { openConversation } from '../../../core/conversations/open.ts';
import type { Core } from '../../../core/core.ts';
import type { JsonObject } from '../../../core/json.ts';
import { changeUserAttributes } from '../../../core/users/change.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { openUser } from '../../../core/users/open.ts';
import { callerOf } from '../caller.ts';
import { objectOf } from './body.ts';
import { answer, created, gone } from './conventions.ts';
import { describe } from './describe.ts';
import { unknownUsers } from './policy.ts';
import { idIn, segment } from './query.ts';
import * as shapes from './schemas.ts';
import { attributesOf } from './shapes.ts';

/** Whose attributes they are, found by the id in the path. */
type Subject = {
  readonly base: string;
  readonly param: 'user' | 'group' | 'room';
  readonly tag: string;
  read(app: App, id: string): Promise<JsonObject>;
  /** A merge of nothing only makes sure that there is a subject. */
  change(app: App, id: string, change: AttributesChange): Promise<void>;
};

export function attributeRoutes(door: FastifyInstance, core: Core): void {
  addRoutes(door, userSubject(core));
  addRoutes(door, conversationSubject(core, 'group'));
  addRoutes(door, conversationSubject(core, 'room'));
}

function addRoutes(door: FastifyInstance, { base, param, tag, read, change }: Subject): void {
  const url = `${base}/attributes`;
  const one = `${url}/:name`;
  const set = (mode: 'merge' | 'replace', summary: string) => ({
    schema: describe(url, { tag, summary, body: shapes.attributesBody, answers: { 201: shapes.empty } }),
    mode,
  });

  for (const [method, { schema, mode }] of [
    ['POST', set('merge', 'Set some attributes, keep the others')],
    ['PUT', set('replace', 'Replace all attributes')],
  ] as const) {
    door.route({
      method,
      url,
      schema,
      handler: async (request, reply) => {
        await change(callerOf(request).app, idIn(request, param), { mode, values: objectOf(request) });
        return created(reply);
      },
    });
  }

  door.get(
    url,
    { schema: describe(url, { tag, summary: 'All attributes', answers: { 200: shapes.attributeMap } }) },
    async (request, reply) => answer(reply, await read(callerOf(request).app, idIn(request, param))),
  );
  const bare = Type.Unknown({ description: 'The bare JSON value' });
  door.get(
    one,
    { schema: describe(one, { tag, summary: 'One attribute', answers: { 200: bare } }) },
    async (request, reply) =>
      answer(reply, attributeOf(await read(callerOf(request).app, idIn(request, param)), segment(request, 'name'))),
  );

  const emptied = describe(url, { tag, summary: 'Remove all attributes', answers: { 204: shapes.nothing } });
  door.delete(url, { schema: emptied }, async (request, reply) => {
    const { app } = callerOf(request);
    const id = idIn(request, param);
    await read(app, id);
    await change(app, id, { mode: 'replace', values: {} });
    return gone(reply);
  });
  const removed = describe(one, { tag, summary: 'Remove one attribute', answers: { 204: shapes.nothing } });
  door.delete(one, { schema: removed }, async (request, reply) => {
    const { app } = callerOf(request);
    const id = idIn(request, param);
    await read(app, id);
    await change(app, id, { mode: 'remove', name: segment(request, 'name') });
    return gone(reply);
  });
}

const userSubject = (core: Core): Subject => ({
  base: '/ctx/:user',
  param: 'user',
  tag: 'User attributes',
  read: async (app, id) => (await openUser(core, app, id)).attributes,
  change: async (app, id, change) =>
    isNoChange(change)
      ? ensureUsers(core, app, [id], unknownUsers(app))
      : changeUserAttributes(core, app, id, change, unknownUsers(app)),
});

const conversationSubject = (core: Core, kind: 'group' | 'room'): Subject => ({
  base: `/${kind}s/:${kind}`,
  param: kind,
  tag: kind === 'group' ? 'Group attributes' : 'Room attributes',
  read: async (app, id) => attributesOf(await openConversation(core, app, kind, id)),
  change: async (app, id, change) => {
    const conversation = await openConversation(core, app, kind, id);
    if (!isNoChange(change)) await changeConversation(core, app, conversation, namedApart(change));
  },
});

const isNoChange = (change: AttributesChange): boolean =>
  change.mode === 'merge' && Object.keys(change.values).length === 0;

/** The core keeps a name that is a text apart from the attributes. */
export function namedApart(change: AttributesChange): ConversationChange {
  if (change.mode === 'remove')
    return change.name === 'name' ? { name: null, attributes: change } : { attributes: change };
  const { name, ...others } = change.values;
  if (typeof name === 'string') return { name, attributes: { ...change, values: others } };
  return name === undefined && change.mode === 'merge' ? { attributes: change } : { name: null, attributes: change };
}
