// /v1/users: registration, profiles, the list, deletion.
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { eraseUser } from '../../../core/users/erase.ts';
import { changeProfile } from '../../../core/users/profile.ts';
import { appOf } from '../caller.ts';
import { badValue, errorAnswer } from '../errors.ts';
import { openAll, openNamed } from '../names.ts';
import { registerBatch } from '../register.ts';
import { readProfile, toUser } from '../wire.ts';
import { bodyOf, namesIn, objectOf } from './body.ts';
import { answer, done } from './conventions.ts';
import { describe, pageQuery } from './describe.ts';
import { wantsObjects } from './list-shape.ts';
import { pageOf, segment } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Users';
const registerMax = 500;
const eraseMax = 100;

export function userRoutes(door: FastifyInstance, core: Core): void {
  batchRoutes(door, core);
  listRoute(door, core);
  const url = '/v1/users/:username';

  const show = describe(url, { tag, summary: 'A user', answers: { 200: shapes.user } });
  door.get(url, { schema: show }, async (request, reply) => {
    const app = appOf(request);
    return answer(reply, toUser(app, await openNamed(core, app, segment(request, 'username'))));
  });

  const change = describe(url, {
    tag,
    summary: 'Change a profile',
    description: 'Keys that are given replace, others stay; `null` changes nothing.',
    body: shapes.profileChange,
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: change }, async (request, reply) => {
    const app = appOf(request);
    const profile = readProfile(objectOf(request));
    const { id } = await openNamed(core, app, segment(request, 'username'));
    await changeProfile(core, app, id, profile);
    return done(reply);
  });

  const erase = describe(url, {
    tag,
    summary: 'Delete a user',
    description: 'Groups, friends, lists and devices are gone with him; what he said stays under his name.',
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: erase }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    await eraseUser(core, app, id);
    return done(reply);
  });
}

function batchRoutes(door: FastifyInstance, core: Core): void {
  const url = '/v1/users';
  const register = describe(url, {
    tag,
    summary: 'Register users',
    description:
      'At most 500. Each is created or not by itself; the answer names them in the order of the request. When nobody was created, the status is that of the first error.',
    body: shapes.newUsers,
    answers: { 201: shapes.registered },
  });
  door.post(url, { schema: register }, async (request, reply) => {
    const items = bodyOf(request);
    if (!Array.isArray(items) || items.length === 0) throw badValue('the body must be an array of users', 'body');
    if (items.length > registerMax) {
      throw new ImError('full', 'too many users', { what: 'batch', max: registerMax });
    }
    const outcomes = await registerBatch(core, appOf(request), items);
    const answers = outcomes.map(({ username, error }) => ({ username, refusal: error && errorAnswer(error) }));
    const status = answers.every(({ refusal }) => refusal) ? (answers[0]?.refusal?.status ?? 201) : 201;
    return answer(
      reply,
      answers.map(({ username, refusal }) => ({ username, ...refusal?.body })),
      status,
    );
  });

  const erase = describe(url, {
    tag,
    summary: 'Delete several users',
    description: 'At most 100; one unknown name and nobody is deleted.',
    body: shapes.names('eddie', 'mary'),
    answers: { 200: shapes.empty },
  });
  door.delete(url, { schema: erase }, async (request, reply) => {
    const app = appOf(request);
    const names = namesIn(bodyOf(request), 'the body', eraseMax);
    if (names.length === 0) throw badValue('the body must be an array of names', 'body');
    for (const { id } of await openAll(core, app, names)) await eraseIfThere(core, app, id);
    return answer(reply, {});
  });
}

/** Somebody else may have deleted him since he was looked up: that is what was asked for. */
async function eraseIfThere(core: Core, app: Parameters<typeof eraseUser>[1], id: string): Promise<void> {
  try {
    await eraseUser(core, app, id);
  } catch (error) {
    if (!(error instanceof ImError) || error.code !== 'user-not-found') throw error;
  }
}

function listRoute(door: FastifyInstance, core: Core): void {
  const list = describe('/v1/users', {
    tag,
    summary: 'All users, by creation',
    description: 'Names where the path ends in a slash, objects where it does not; a setting overrules this.',
    query: pageQuery,
    answers: { 200: shapes.userPage },
  });
  door.get('/v1/users', { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { start, count } = pageOf(request);
    const { total, users } = await core.store.users.list(app.no, { skip: start, limit: count, admin: false });
    const shown = wantsObjects(request) ? users.map((user) => toUser(app, user)) : users.map(({ id }) => id);
    return answer(reply, { total, start, count: shown.length, users: shown });
  });
}
