// Groups: made, read, changed, deleted, listed.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { changeConversation } from '../../../core/conversations/change.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { createConversation } from '../../../core/conversations/create.ts';
import { eraseConversation } from '../../../core/conversations/erase.ts';
import { memberLimits } from '../../../core/conversations/limits.ts';
import type { Core } from '../../../core/core.ts';
import type { JsonObject } from '../../../core/json.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { conversationsOf, groupKinds, listed, openGroup, toGroups } from '../gatherings.ts';
import { openAll, openNamed } from '../names.ts';
import { fieldOf, integerOf, namesIn, neededText, objectOf, type TextRule, textOf } from './body.ts';
import { answer, done } from './conventions.ts';
import { describe, pageQuery } from './describe.ts';
import { wantsObjects } from './list-shape.ts';
import { numberIn, pageOf, segment } from './query.ts';
import { nothing } from './schemas.ts';
import * as shapes from './schemas-groups.ts';

const tag = 'Groups';
const lists = 'Numbers where the path ends in a slash, objects where it does not; a setting overrules this.';

export const nameRule: TextRule = { bytesMin: 1, bytesMax: 64, oneLine: true };
export const descRule: TextRule = { bytesMax: 250 };
/** It is not checked: a file's id, or an address. */
const avatarRule: TextRule = { bytesMax: 255 };
export const usernameRule: TextRule = { bytesMin: 1, bytesMax: 1024 };
/** An owner beside as many members as any group may have: what is too many for this one is told by its own number. */
const membersMax = 3_000;

export function groupRoutes(door: FastifyInstance, core: Core): void {
  createRoute(door, core);
  oneGroupRoutes(door, core);

  const list = describe('/v1/groups', {
    tag,
    summary: 'All groups, by creation',
    description: lists,
    query: pageQuery,
    answers: { 200: shapes.groupPage },
  });
  door.get('/v1/groups', { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const page = pageOf(request);
    const { total, conversations } = await listed(core, app, groupKinds, page);
    const groups = await shown(core, app, conversations, wantsObjects(request));
    return answer(reply, { total, start: page.start, count: groups.length, groups });
  });

  const url = '/v1/users/:username/groups';
  const mine = describe(url, {
    tag,
    summary: 'The groups that a user is in',
    description: lists,
    answers: { 200: shapes.groupsOrNumbers },
  });
  door.get(url, { schema: mine }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const groups = await conversationsOf(core, app, id, groupKinds);
    return answer(reply, await shown(core, app, groups, wantsObjects(request)));
  });
}

const shown = async (
  core: Core,
  app: App,
  groups: readonly Conversation[],
  objects: boolean,
): Promise<(number | JsonObject)[]> => (objects ? toGroups(core, app, groups) : groups.map(({ no }) => no));

function createRoute(door: FastifyInstance, core: Core): void {
  const create = describe('/v1/groups', {
    tag,
    summary: 'Make a group',
    description: 'Its people are told.',
    body: shapes.newGroup,
    answers: { 201: shapes.group },
  });
  door.post('/v1/groups', { schema: create }, async (request, reply) => {
    const app = appOf(request);
    const wish = readGroup(app, objectOf(request));
    await openAll(core, app, wish.members);
    const form = { kind: 'group', form: 'number', attributes: {}, keeps: true } as const;
    const { conversation } = await createConversation(core, app, { ...form, ...wish }, 'refuse-any');
    const [group] = await toGroups(core, app, [conversation]);
    return answer(reply, group, 201);
  });
}

/** The owner is the first of the members. */
function readGroup(app: App, body: JsonObject) {
  const owner = textOf(body, 'owner_username', usernameRule) ?? neededText(body, 'owner', usernameRule);
  const { name, description, avatar } = readFacts(body);
  if (name === undefined) throw badValue('name is missing', 'name');
  const members = namesIn(fieldOf(body, 'members_username'), 'members_username', membersMax);
  const flag = integerOf(body, 'flag', 0, 2) ?? 0;
  const wanted = integerOf(body, 'MaxMemberCount', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const most = memberLimits(app, 'group').membersMax;
  return {
    owner,
    name,
    members: [...new Set([owner, ...members])],
    open: flag === 2,
    membershipsMax: app.settings['jmessage.groupsPerUserMax'],
    ...(description === undefined ? {} : { description }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(wanted === undefined ? {} : { memberMax: Math.max(2, Math.min(wanted, most)) }),
  };
}

/** The later names win where both are given. Throws `invalid-argument`. */
function readFacts(body: JsonObject): { name?: string; description?: string; avatar?: string } {
  const name = textOf(body, 'name', nameRule) ?? textOf(body, 'group_name', nameRule);
  const description = textOf(body, 'desc', descRule) ?? textOf(body, 'group_desc', descRule);
  const avatar = textOf(body, 'avatar', avatarRule);
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(avatar === undefined ? {} : { avatar }),
  };
}

function oneGroupRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/groups/:gid';
  const show = describe(url, { tag, summary: 'A group', answers: { 200: shapes.group } });
  door.get(url, { schema: show }, async (request, reply) => {
    const app = appOf(request);
    const [group] = await toGroups(core, app, [await openGroup(core, app, numberIn(request, 'gid'))]);
    return answer(reply, group);
  });

  const change = describe(url, {
    tag,
    summary: 'Change what a group is called',
    description: 'What is not named stays. Owner and members, which one client sends along, are not looked at.',
    body: shapes.groupChange,
    answers: { 204: nothing },
  });
  door.put(url, { schema: change }, async (request, reply) => {
    const app = appOf(request);
    const facts = readFacts(objectOf(request));
    const group = await openGroup(core, app, numberIn(request, 'gid'));
    if (Object.keys(facts).length > 0) await changeConversation(core, app, group, facts);
    return done(reply);
  });

  const erase = describe(url, {
    tag,
    summary: 'Delete a group',
    description: 'Its people are told; reports still find what was said in it.',
    answers: { 204: nothing },
  });
  door.delete(url, { schema: erase }, async (request, reply) => {
    const app = appOf(request);
    await eraseConversation(core, app, await openGroup(core, app, numberIn(request, 'gid')));
    return done(reply);
  });
}
