// Requests across apps: the same as the local ones, with people named beside their app.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { memberLimits } from '../../../core/conversations/limits.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { conversationsOf, groupKinds, openGroup, openRoom, toGroups } from '../gatherings.ts';
import { openNamed } from '../names.ts';
import { introduce, openApp, originOf } from '../other-apps.ts';
import { toProfile } from '../wire.ts';
import { appkeyOf, asArray, asObject, bodyOf } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { describe } from './describe.ts';
import { listMembers, type Moves, moveMembers, readMoves } from './members.ts';
import { numberIn, segment } from './query.ts';
import { nothing } from './schemas.ts';
import * as shapes from './schemas-groups.ts';

const tag = 'Across apps';
const itemsMax = 100;

/** The items of a body: an array, or the one object that some clients send instead. */
export function itemsOf(request: FastifyRequest): JsonObject[] {
  const body: Json | undefined = bodyOf(request);
  const items = Array.isArray(body) ? asArray(body, 'the body', itemsMax) : [asObject(body, 'the body')];
  if (items.length === 0) throw badValue('the body must be an array of objects', 'body');
  return items.map((item) => asObject(item, 'an item'));
}

export function crossRoutes(door: FastifyInstance, core: Core): void {
  groupRoutes(door, core);
  roomRoute(door, core);

  const url = '/v1/cross/users/:username/groups';
  const mine = describe(url, { tag, summary: 'The groups that a user is in', answers: { 200: shapes.crossGroups } });
  door.get(url, { schema: mine }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const groups = await conversationsOf(core, app, id, groupKinds);
    const shown = await toGroups(core, app, groups);
    const most = groups.map((group) => memberLimits(app, group.kind, group).membersMax);
    return answer(
      reply,
      shown.map((group, i) => ({ ...group, max_member_count: most[i] })),
    );
  });
}

function groupRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/cross/groups/:gid/members';
  const change = describe(url, {
    tag,
    summary: 'Add and remove members of several apps',
    body: shapes.crossMembers,
    answers: { 204: nothing },
  });
  door.post(url, { schema: change, config: on('members') }, async (request, reply) => {
    const app = appOf(request);
    const wanted = await movesIn(core, app, request);
    const group = await openGroup(core, app, numberIn(request, 'gid'));
    await moveMembers(core, app, group, await known(core, app, wanted));
    return done(reply);
  });

  const list = describe(url, { tag, summary: 'The members of all apps', answers: { 200: shapes.members } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const group = await openGroup(core, app, numberIn(request, 'gid'));
    const members = await listMembers(core, app, group);
    return answer(reply, await Promise.all(members.map((member) => asOfHisApp(core, app, member))));
  });
}

async function asOfHisApp(core: Core, home: App, member: JsonObject): Promise<JsonObject> {
  const { name, app } = await originOf(core, home, String(member.username));
  if (app === home) return member;
  const user = await core.store.users.byId(app.no, name);
  return { ...member, username: name, appkey: app.id, ...toProfile(user?.profile ?? {}) };
}

function roomRoute(door: FastifyInstance, core: Core): void {
  const url = '/v1/cross/chatroom/:room/members';
  const schema = describe(url, {
    tag,
    summary: 'Put users of several apps into a chat room, or take them out',
    body: shapes.crossMembers,
    answers: { 204: nothing },
  });
  door.post(url, { schema, config: on('rooms') }, async (request, reply) => {
    const app = appOf(request);
    const wanted = await movesIn(core, app, request);
    const room = await openRoom(core, app, numberIn(request, 'room'));
    const moves = await known(core, app, wanted);
    const rule = { mode: 'add-then-remove', absent: 'error', blocked: 'error' } as const;
    const { refused } = await changeMembers(core, app, room, { ...moves, rule }, 'refuse-any');
    const [first] = refused;
    if (first) throw new ImError(first.code, 'nobody was taken out', first.details);
    return done(reply);
  });
}

type Wanted = { readonly from: App; readonly moves: Moves };

async function movesIn(core: Core, app: App, request: FastifyRequest): Promise<Wanted[]> {
  const items = itemsOf(request).map((item) => ({ appkey: appkeyOf(item), moves: readMoves(item) }));
  const wanted = [];
  for (const { appkey, moves } of items) wanted.push({ from: await openApp(core, app, appkey), moves });
  return wanted;
}

async function known(core: Core, home: App, wanted: readonly Wanted[]): Promise<Moves> {
  const add = [];
  const remove = [];
  for (const { from, moves } of wanted) {
    add.push(...(await introduce(core, home, from, moves.add)));
    remove.push(...(await introduce(core, home, from, moves.remove)));
  }
  return { add: [...new Set(add)], remove: [...new Set(remove)] };
}
