// Across apps: blacklists, friends and no-disturb.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { liftBlocks } from '../../../core/blocks/block-people.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { joinFriends } from '../../../core/friends/join.ts';
import { noteFriends } from '../../../core/friends/note.ts';
import { partFriends } from '../../../core/friends/part.ts';
import { conversationSubject, principalSubject } from '../../../core/subjects.ts';
import { appOf } from '../caller.ts';
import { openGroup } from '../gatherings.ts';
import { openNamed } from '../names.ts';
import { introduce, openApp, usersOfAll } from '../other-apps.ts';
import { toUser } from '../wire.ts';
import { block, blockedBy } from './blacklist.ts';
import { appkeyOf } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { itemsOf } from './cross-items.ts';
import { describe } from './describe.ts';
import { readNote } from './friends.ts';
import { changeNoDisturb, ownSubjects, type QuietChange, type QuietWish, readWish } from './no-disturb.ts';
import { partiesOfAll } from './parties.ts';
import { segment } from './query.ts';
import * as shapes from './schemas.ts';
import * as cross from './schemas-cross.ts';

const tag = 'Across apps';

export function crossPeopleRoutes(door: FastifyInstance, core: Core): void {
  blacklistRoutes(door, core);
  friendRoutes(door, core);
  const url = '/v1/cross/users/:username/nodisturb';
  const schema = describe(url, {
    tag,
    summary: 'Change from whom, of which app, a user wants no notification',
    description: 'The whole request is carried out, or nothing of it.',
    body: cross.quietChanges,
    answers: { 204: shapes.nothing },
  });
  door.post(url, { schema, config: on('quiet') }, async (request, reply) => {
    const app = appOf(request);
    const items = itemsOf(request).map((item) => ({ appkey: appkeyOf(item), wish: readWish(item) }));
    const others = [];
    for (const { appkey, wish } of items) others.push({ from: await openApp(core, app, appkey), wish });
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const change: QuietChange = { add: [], remove: [] };
    for (const { from, wish } of others) {
      const { add, remove } = await (from === app
        ? ownSubjects(core, app, id, wish)
        : foreign(core, app, from, id, wish));
      change.add.push(...add);
      change.remove.push(...remove);
    }
    const everything = others.findLast(({ wish }) => wish.everything !== undefined)?.wish.everything;
    await changeNoDisturb(core, app, id, everything, change);
    return done(reply);
  });
}

/** People of another app are guests here, and its groups are known here by their twins. */
async function foreign(core: Core, app: App, from: App, who: string, { people, groups }: QuietWish) {
  const twins = async (numbers: readonly number[]) => {
    const found = [];
    for (const no of numbers) found.push(await twinWith(core, app, from, who, no));
    return found;
  };
  return {
    add: [
      ...(await introduce(core, app, from, people.add)).map(principalSubject),
      ...(await twins(groups.add)).map(conversationSubject),
    ],
    remove: [
      ...(await introduce(core, app, from, people.remove)).map(principalSubject),
      ...(await twins(groups.remove)).map(conversationSubject),
    ],
  };
}

/** Throws `conversation-not-found`, `not-a-member`. */
async function twinWith(core: Core, app: App, from: App, who: string, no: number): Promise<number> {
  await openGroup(core, from, no);
  const twin = await core.store.guests.twinOf(app.no, from.no, no);
  const [member] = twin === undefined ? [] : await core.store.conversations.among(app.no, twin, [who]);
  if (twin === undefined || !member)
    throw new ImError('not-a-member', 'the user is not in the group', { kind: 'group' });
  return twin;
}

function blacklistRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/cross/users/:username/blacklist';
  const add = describe(url, {
    tag,
    summary: 'Add to the blacklist',
    body: cross.usernames('mary'),
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: add }, async (request, reply) => {
    const app = appOf(request);
    await block(core, app, await partiesOfAll(core, app, request, 'usernames'));
    return done(reply);
  });

  const remove = describe(url, {
    tag,
    summary: 'Take from the blacklist',
    body: cross.usernames('eddie'),
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: remove }, async (request, reply) => {
    const app = appOf(request);
    const { who, ids } = await partiesOfAll(core, app, request, 'usernames');
    await liftBlocks(core, app, who, ids, { strict: true });
    return done(reply);
  });

  const list = describe(url, { tag, summary: 'The blacklist, of all apps', answers: { 200: shapes.users } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const users = await usersOfAll(core, app, await blockedBy(core, app, id));
    return answer(
      reply,
      users.map((one) => toUser(one.app, one.user)),
    );
  });
}

function friendRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/cross/users/:username/friends';
  const add = describe(url, {
    tag,
    summary: 'Make friends',
    body: cross.users('mary'),
    answers: { 201: shapes.nothing },
  });
  door.post(url, { schema: add }, async (request, reply) => {
    const app = appOf(request);
    const { who, ids } = await partiesOfAll(core, app, request, 'users');
    await joinFriends(core, app, who, ids, 'refuse-any', true);
    return reply.code(201).send();
  });

  const remove = describe(url, {
    tag,
    summary: 'Part friends',
    body: cross.users('annie'),
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: remove }, async (request, reply) => {
    const app = appOf(request);
    const { who, ids } = await partiesOfAll(core, app, request, 'users');
    await partFriends(core, app, who, ids);
    return done(reply);
  });

  const note = describe(url, {
    tag,
    summary: 'Note something about friends',
    body: cross.notes,
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: note }, async (request, reply) => {
    const app = appOf(request);
    const items = itemsOf(request).map((item) => ({ appkey: appkeyOf(item), ...readNote(item) }));
    const sources = [];
    for (const { appkey, ...item } of items) sources.push({ from: await openApp(core, app, appkey), ...item });
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const notes = [];
    for (const { from, other, note: words } of sources) {
      const [name = other] = await introduce(core, app, from, [other]);
      notes.push({ other: name, note: words });
    }
    await noteFriends(core, app, id, notes);
    return done(reply);
  });
}
