// /v1/admins: users who may send to anybody.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { changeProfile } from '../../../core/users/profile.ts';
import type { User } from '../../../core/users/user.ts';
import { appOf } from '../caller.ts';
import { badValue, noSuchUser } from '../errors.ts';
import { openNamed } from '../names.ts';
import { registerBatch } from '../register.ts';
import { readProfile, toUser } from '../wire.ts';
import { bodyOf, objectOf } from './body.ts';
import { answer, done } from './conventions.ts';
import { describe, pageQuery } from './describe.ts';
import { pageOf, segment } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Admins';

export function adminRoutes(door: FastifyInstance, core: Core): void {
  const add = describe('/v1/admins', {
    tag,
    summary: 'Register an admin',
    description: 'Admins share the names of users, and are users in everything else.',
    body: shapes.newUser,
    answers: { 201: shapes.named },
  });
  door.post('/v1/admins', { schema: add }, async (request, reply) => {
    const body = bodyOf(request);
    const items = Array.isArray(body) ? body : body === undefined ? [] : [body];
    if (items.length !== 1) throw badValue('the body must be one user', 'body');
    const [outcome] = await registerBatch(core, appOf(request), items, { admin: true });
    if (outcome?.error) throw outcome.error;
    return answer(reply, { username: outcome?.username }, 201);
  });

  const list = describe('/v1/admins', {
    tag,
    summary: 'All admins, by creation',
    query: pageQuery,
    answers: { 200: shapes.adminPage },
  });
  door.get('/v1/admins', { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { start, count } = pageOf(request);
    const { total, users } = await core.store.users.list(app.no, { skip: start, limit: count, admin: true });
    return answer(reply, { total, start, count: users.length, users: users.map((user) => toUser(app, user)) });
  });

  const url = '/v1/admins/:username';
  const show = describe(url, { tag, summary: 'An admin', answers: { 200: shapes.user } });
  door.get(url, { schema: show }, async (request, reply) => {
    const app = appOf(request);
    return answer(reply, toUser(app, await openAdmin(core, app, segment(request, 'username'))));
  });

  const change = describe(url, {
    tag,
    summary: 'Change the profile of an admin',
    body: shapes.profileChange,
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: change }, async (request, reply) => {
    const app = appOf(request);
    const profile = readProfile(objectOf(request));
    const { id } = await openAdmin(core, app, segment(request, 'username'));
    await changeProfile(core, app, id, profile);
    return done(reply);
  });
}

async function openAdmin(core: Core, app: App, name: string): Promise<User> {
  const user = await openNamed(core, app, name);
  if (!user.admin) throw noSuchUser(name);
  return user;
}
