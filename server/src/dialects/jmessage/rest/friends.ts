// Friends, and what a user notes about each.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import type { FriendNote } from '../../../core/friends/friend.ts';
import { joinFriends } from '../../../core/friends/join.ts';
import { noteFriends } from '../../../core/friends/note.ts';
import { partFriends } from '../../../core/friends/part.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { openAll, openNamed } from '../names.ts';
import { usersOfAll } from '../other-apps.ts';
import { toUser } from '../wire.ts';
import { asArray, asObject, bodyOf, namesMax, neededText, textOf } from './body.ts';
import { answer, done } from './conventions.ts';
import { describe } from './describe.ts';
import { partiesOf } from './parties.ts';
import { segment } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Friends';
const url = '/v1/users/:username/friends';

export function friendRoutes(door: FastifyInstance, core: Core): void {
  const add = describe(url, {
    tag,
    summary: 'Make friends',
    description: 'At once and on both sides; all or none.',
    body: shapes.names('mary'),
    answers: { 201: shapes.nothing },
  });
  door.post(url, { schema: add }, async (request, reply) => {
    const app = appOf(request);
    const { who, ids } = await partiesOf(core, app, request);
    await joinFriends(core, app, who, ids, 'refuse-any', true);
    return reply.code(201).send();
  });

  const remove = describe(url, {
    tag,
    summary: 'Part friends',
    description: 'Who is no friend is passed over.',
    body: shapes.names('annie'),
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: remove }, async (request, reply) => {
    const app = appOf(request);
    const { who, ids } = await partiesOf(core, app, request);
    await partFriends(core, app, who, ids);
    return done(reply);
  });

  const note = describe(url, {
    tag,
    summary: 'Note something about friends',
    description: 'All or none. What is left out stays, an empty text takes a note away.',
    body: shapes.notes,
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: note }, async (request, reply) => {
    const app = appOf(request);
    const notes = notesIn(bodyOf(request));
    const { id } = await openNamed(core, app, segment(request, 'username'));
    await openAll(
      core,
      app,
      notes.map(({ other }) => other),
    );
    await noteFriends(core, app, id, notes);
    return done(reply);
  });

  const list = describe(url, { tag, summary: 'Friends, with the notes about them', answers: { 200: shapes.friends } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    return answer(reply, await friendsOf(core, app, id));
  });
}

async function friendsOf(core: Core, app: App, who: string): Promise<JsonObject[]> {
  const friends = await core.store.friends.list(app.no, who);
  const notes = new Map(friends.map(({ id, note }) => [id, note]));
  const users = await usersOfAll(core, app, [...notes.keys()]);
  return users.map((one) => ({ ...toUser(one.app, one.user), ...toNote(notes.get(one.who) ?? {}) }));
}

const toNote = ({ name, others }: FriendNote): JsonObject => ({
  ...(name === undefined ? {} : { note_name: name }),
  ...(others === undefined ? {} : { others }),
});

function notesIn(body: Json | undefined): { other: string; note: FriendNote }[] {
  // One client sends a single note without the array around it.
  const items = Array.isArray(body) ? asArray(body, 'the body', namesMax) : [asObject(body, 'the body')];
  if (items.length === 0) throw badValue('the body must be an array of notes', 'body');
  return items.map(readNote);
}

/** Throws `invalid-argument`. */
export function readNote(item: Json): { other: string; note: FriendNote } {
  const object = asObject(item, 'a note');
  const name = textOf(object, 'note_name', { bytesMax: 64, oneLine: true });
  const others = textOf(object, 'others', { bytesMax: 250 });
  const note = { ...(name === undefined ? {} : { name }), ...(others === undefined ? {} : { others }) };
  return { other: neededText(object, 'username', { bytesMin: 1, bytesMax: 1024 }), note };
}
