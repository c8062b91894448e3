// Across apps: blacklists, friends and no-disturb.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { liftBlocks, putBlocks } from '../../../core/blocks/block-people.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { joinFriends } from '../../../core/friends/join.ts';
import { noteFriends } from '../../../core/friends/note.ts';
import { partFriends } from '../../../core/friends/part.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { conversationOf } from '../../../core/subjects.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { openAll, openNamed } from '../names.ts';
import { introduce, nameIn, openApp, usersOfAll } from '../other-apps.ts';
import { toUser } from '../wire.ts';
import { appkeyOf, fieldOf, namesIn } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { itemsOf } from './cross.ts';
import { describe } from './describe.ts';
import { readNote } from './friends.ts';
import { changeNoDisturb, readWish } from './no-disturb.ts';
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
    body: cross.quietChanges,
    answers: { 204: shapes.nothing },
  });
  door.post(url, { schema, config: on('quiet') }, async (request, reply) => {
    const app = appOf(request);
    const items = itemsOf(request).map((item) => ({ appkey: appkeyOf(item), wish: readWish(item) }));
    const others = [];
    for (const { appkey, wish } of items) others.push({ from: await openApp(core, app, appkey), wish });
    const { id } = await openNamed(core, app, segment(request, 'username'));
    for (const { from, wish } of others) {
      // Groups belong to their own app, and know him there by his name from here.
      const people = {
        add: await introduce(core, app, from, wish.people.add),
        remove: await introduce(core, app, from, wish.people.remove),
      };
      const none = { add: [], remove: [] };
      if (from === app) await changeNoDisturb(core, app, id, wish);
      else {
        await changeNoDisturb(core, app, id, { ...wish, people, groups: none });
        await changeNoDisturb(core, from, nameIn(from, app, id), { people: none, groups: wish.groups });
      }
    }
    return done(reply);
  });
}

/** Who asks, and of whom: as the own app knows them. */
async function partiesOf(core: Core, app: App, request: FastifyRequest, key: string) {
  const items = itemsOf(request).map((item) => ({
    appkey: appkeyOf(item),
    names: namesIn(fieldOf(item, key), key),
  }));
  if (items.every(({ names }) => names.length === 0)) throw badValue(`${key} is missing`, key);
  const sources = [];
  for (const { appkey, names } of items) sources.push({ from: await openApp(core, app, appkey), names });
  const name = segment(request, 'username');
  if (sources.some(({ from, names }) => from === app && names.includes(name)))
    throw badValue('nobody can be named beside himself', key);
  const { id } = await openNamed(core, app, name);
  const others: string[] = [];
  for (const { from, names } of sources) {
    if (
      (await openAll(core, from, names)).some(({ admin }) => admin) &&
      key === 'usernames' &&
      request.method === 'PUT'
    )
      throw new ImError('forbidden', 'an admin cannot be added', { what: 'admin' });
    others.push(...(await introduce(core, app, from, names)));
  }
  return { who: id, others: [...new Set(others)] };
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
    const { who, others } = await partiesOf(core, app, request, 'usernames');
    await putBlocks(core, app, who, others, { max: limits.blocksPerUserMax, strict: true });
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
    const { who, others } = await partiesOf(core, app, request, 'usernames');
    await liftBlocks(core, app, who, others, { strict: true });
    return done(reply);
  });

  const list = describe(url, { tag, summary: 'The blacklist, of all apps', answers: { 200: shapes.users } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const { blocks } = await core.store.blocks.list(app.no, id, { skip: 0, limit: limits.blocksPerUserMax });
    const names = blocks.map(({ target }) => target).filter((target) => conversationOf(target) === undefined);
    const users = await usersOfAll(core, app, names);
    return answer(
      reply,
      users.map((one): JsonObject => toUser(one.app, one.user)),
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
    const { who, others } = await partiesOf(core, app, request, 'users');
    await joinFriends(core, app, who, others, 'refuse-any', true);
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
    const { who, others } = await partiesOf(core, app, request, 'users');
    await partFriends(core, app, who, others);
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
