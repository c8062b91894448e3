// Who is in a group, who owns it, and who may not speak there.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import { silenceMembers, unsilenceMembers } from '../../../core/conversations/silence.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { bareId, isPassenger } from '../../../core/ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { membersOf, openGroup, ownerOf } from '../gatherings.ts';
import { openAll, openNamed } from '../names.ts';
import { assertOwnApp, usersOfAll } from '../other-apps.ts';
import { toTime } from '../times.ts';
import { toProfile } from '../wire.ts';
import { appkeyOf, fieldOf, namesIn, namesOf, neededText, objectOf } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { describe, yesQuery } from './describe.ts';
import { usernameRule } from './groups.ts';
import { flagIn, numberIn } from './query.ts';
import { names, nothing } from './schemas.ts';
import * as shapes from './schemas-groups.ts';

const tag = 'Group members';

export function memberRoutes(door: FastifyInstance, core: Core): void {
  changeRoutes(door, core);
  ownerRoute(door, core);
  silenceRoute(door, core);

  const url = '/v1/groups/:gid/members';
  const list = describe(url, { tag, summary: 'The members of a group', answers: { 200: shapes.members } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    return answer(reply, await listMembers(core, app, await openGroup(core, app, numberIn(request, 'gid'))));
  });
}

/** A passenger, whom another door may have put in, has no profile; a guest is shown as his own app knows him. */
export async function listMembers(core: Core, app: App, group: Conversation): Promise<JsonObject[]> {
  const members = (await membersOf(core, app, [group])).get(group.no) ?? [];
  const owner = ownerOf(group, members);
  const people = members.map(({ who }) => who).filter((who) => !isPassenger(who));
  const users = new Map((await usersOfAll(core, app, people)).map((one) => [one.who, one]));
  return members.map(({ who, joinedAt }) => ({
    username: users.get(who)?.user.id ?? bareId(who),
    flag: who === owner ? 1 : 0,
    ctime: toTime(joinedAt, app.settings['jmessage.timezone']),
    appkey: (users.get(who)?.app ?? app).id,
    ...toProfile(users.get(who)?.user.profile ?? {}),
  }));
}

export type Moves = { readonly add: readonly string[]; readonly remove: readonly string[] };

/** Throws `invalid-argument` when nobody comes or goes, or somebody does both. */
export function readMoves(body: JsonObject): Moves {
  const add = namesIn(fieldOf(body, 'add'), 'add');
  const remove = namesIn(fieldOf(body, 'remove'), 'remove');
  if (add.length + remove.length === 0) throw badValue('add or remove is needed', 'body');
  if (add.some((name) => remove.includes(name))) throw badValue('a name stands in both lists', 'body');
  return { add, remove };
}

/**
 * Of people who exist: adds all or none; what was added stays when the removal fails. Throws `already`, `full`, `blocked`,
 * `not-a-member`.
 */
export async function moveMembers(core: Core, app: App, group: Conversation, { add, remove }: Moves): Promise<void> {
  const rule = {
    mode: 'add-then-remove',
    already: 'error',
    absent: 'error',
    ownerLeaves: 'successor',
    whenEmpty: 'delete',
    blocked: 'error',
  } as const;
  const membershipsMax = app.settings['jmessage.groupsPerUserMax'];
  const change = { add, remove, rule, membershipsMax };
  const { refused } = await changeMembers(core, app, group, change, 'refuse-any');
  const [first] = refused;
  if (first) throw new ImError(first.code, 'nobody was removed', first.details);
}

function changeRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/groups/:gid/members';
  const change = describe(url, {
    tag,
    summary: 'Add and remove members',
    description:
      'Adding is all or nothing, and comes first; it stays when the removal is refused. Where the owner is removed, the longest-standing member owns the group; with its last member the group goes.',
    body: shapes.memberChange,
    answers: { 204: nothing },
  });
  door.post(url, { schema: change, config: on('members') }, async (request, reply) => {
    const app = appOf(request);
    const moves = readMoves(objectOf(request));
    const group = await openGroup(core, app, numberIn(request, 'gid'));
    await openAll(core, app, moves.add);
    await moveMembers(core, app, group, moves);
    return done(reply);
  });

  const one = (name: 'addMembers' | 'delMembers', summary: string, who: string, movesOf: (all: string[]) => Moves) => {
    const path = `/v2/groups/:gid/${name}`;
    const schema = describe(path, { tag, summary, body: names(who), answers: { 204: nothing } });
    door.post(path, { schema, config: on('members') }, async (request, reply) => {
      const app = appOf(request);
      const moves = movesOf(namesOf(request));
      const group = await openGroup(core, app, numberIn(request, 'gid'));
      await openAll(core, app, moves.add);
      await moveMembers(core, app, group, moves);
      return done(reply);
    });
  };
  one('addMembers', 'Add members', 'eddie', (add) => ({ add, remove: [] }));
  one('delMembers', 'Remove members', 'annie', (remove) => ({ add: [], remove }));
}

function ownerRoute(door: FastifyInstance, core: Core): void {
  const url = '/v1/groups/owner/:gid';
  const schema = describe(url, {
    tag,
    summary: 'Give a group to one of its members',
    body: shapes.newOwner,
    answers: { 204: nothing },
  });
  door.put(url, { schema, config: on('owner') }, async (request, reply) => {
    const app = appOf(request);
    const body = objectOf(request);
    const name = neededText(body, 'username', usernameRule);
    await assertOwnApp(core, app, appkeyOf(body));
    const group = await openGroup(core, app, numberIn(request, 'gid'));
    const { id } = await openNamed(core, app, name);
    await changeMembers(core, app, group, { owner: id, ownerAmong: true }, 'refuse-any');
    return done(reply);
  });
}

function silenceRoute(door: FastifyInstance, core: Core): void {
  const url = '/v1/groups/messages/:gid/silence';
  const schema = describe(url, {
    tag,
    summary: 'Silence members, or let them speak again',
    description: 'All or none. It holds until it is lifted, or they leave.',
    query: yesQuery('status', 'true: they may not speak'),
    body: names('annie'),
    answers: { 204: nothing },
  });
  door.put(url, { schema, config: on('silence') }, async (request, reply) => {
    const app = appOf(request);
    const who = namesOf(request);
    const silent = statusOf(request);
    const group = await openGroup(core, app, numberIn(request, 'gid'));
    await openAll(core, app, who);
    await setSilence(core, app, group, who, silent);
    return done(reply);
  });
}

export function statusOf(request: FastifyRequest): boolean {
  const status = flagIn(request, 'status');
  if (status === undefined) throw badValue('status is missing', 'status');
  return status;
}

/** Throws `not-a-member` unless all are in; then nothing changes. */
export async function setSilence(
  core: Core,
  app: App,
  conversation: Conversation,
  who: readonly string[],
  silent: boolean,
): Promise<void> {
  if (silent) {
    return silenceMembers(core, app, conversation, who, { until: null, sticky: false, membersOnly: true });
  }
  const members = await core.store.conversations.among(app.no, conversation.no, who);
  if (members.length < who.length)
    throw new ImError('not-a-member', 'not in it', { purpose: 'change', kind: conversation.kind });
  await unsilenceMembers(core, app, conversation, who);
}
