// Requests across apps: the same as the local ones, with people named beside their app.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { memberLimits } from '../../../core/conversations/limits.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { areNeighbours } from '../../../core/guests/name.ts';
import type { JsonObject } from '../../../core/json.ts';
import { appOf } from '../caller.ts';
import { conversationsOf, groupKinds, isGroup, openGroup, openRoom, toGroups } from '../gatherings.ts';
import { openNamed } from '../names.ts';
import { introduce, openApp } from '../other-apps.ts';
import { appkeyOf } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { itemsOf } from './cross-items.ts';
import { describe } from './describe.ts';
import { listMembers, type Moves, moveMembers, readMoves } from './members.ts';
import { numberIn, segment } from './query.ts';
import { nothing } from './schemas.ts';
import * as shapes from './schemas-groups.ts';

const tag = 'Across apps';
export function crossRoutes(door: FastifyInstance, core: Core): void {
  groupRoutes(door, core);
  roomRoute(door, core);

  const url = '/v1/cross/users/:username/groups';
  const mine = describe(url, { tag, summary: 'The groups that a user is in', answers: { 200: shapes.crossGroups } });
  door.get(url, { schema: mine }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const own = await conversationsOf(core, app, id, groupKinds);
    const shown = await withMost(core, app, own);
    for (const { from, groups } of await foreignGroups(core, app, id))
      shown.push(...(await withMost(core, from, groups)));
    return answer(reply, shown);
  });
}

async function withMost(core: Core, app: App, groups: readonly Conversation[]): Promise<JsonObject[]> {
  const most = groups.map((group) => memberLimits(app, group.kind, group).membersMax);
  return (await toGroups(core, app, groups)).map((group, i) => ({ ...group, max_member_count: most[i] ?? 0 }));
}

/** Those of other apps, as they are at home. */
async function foreignGroups(core: Core, app: App, who: string): Promise<{ from: App; groups: Conversation[] }[]> {
  const found: { from: App; groups: Conversation[] }[] = [];
  for (const { appId, no } of await core.store.guests.twinsWith(app.no, who)) {
    const from = await core.apps.byId(appId);
    const group = from && areNeighbours(app, from) && (await core.store.conversations.open(from.no, String(no)));
    if (group && isGroup(group)) found.push({ from, groups: [group] });
  }
  return found;
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
    return answer(reply, await listMembers(core, app, group));
  });
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
