// /ctx: users as a whole.
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { setUserKind } from '../../../core/users/change.ts';
import { userDetail } from '../../../core/users/detail.ts';
import { searchUsers } from '../../../core/users/search.ts';
import { callerOf, guard } from '../caller.ts';
import { objectOf } from './body.ts';
import { answer, created } from './conventions.ts';
import { describe, searchQuery } from './describe.ts';
import { unknownUsers } from './policy.ts';
import { idIn, searchOf } from './query.ts';
import * as shapes from './schemas.ts';
import { toUserDetail, toUserOutline } from './shapes.ts';

const tag = 'Users';

export function userRoutes(door: FastifyInstance, core: Core): void {
  const search = describe('/ctx', {
    tag,
    summary: 'Search users',
    query: searchQuery,
    answers: { 200: shapes.userOutlines },
  });
  door.get('/ctx', { schema: search, onRequest: guard('search') }, async (request, reply) => {
    const found = await searchUsers(core, callerOf(request).app, searchOf(request));
    return answer(
      reply,
      found.map(({ user, online }) => toUserOutline(user, online)),
    );
  });

  const url = '/ctx/:user';
  const detail = describe(url, { tag, summary: 'Everything about a user', answers: { 200: shapes.userDetail } });
  door.get(url, { schema: detail }, async (request, reply) =>
    answer(reply, toUserDetail(await userDetail(core, callerOf(request).app, idIn(request, 'user')))),
  );

  const kind = describe(url, {
    tag,
    summary: 'Give a user a number of your own',
    description:
      'Creates the user when there is none. With an empty body this is the same as GET, for the SDKs that send POST where GET was meant.',
    body: shapes.kindBody,
    answers: { 200: shapes.userDetail, 201: shapes.empty },
  });
  door.post(url, { schema: kind }, async (request, reply) => {
    const { app } = callerOf(request);
    const id = idIn(request, 'user');
    const { type } = objectOf(request);
    if (type === undefined) return answer(reply, toUserDetail(await userDetail(core, app, id)));
    if (!Number.isSafeInteger(type))
      throw new ImError('invalid-argument', 'type must be a whole number', { what: 'type', why: 'type' });
    await setUserKind(core, app, id, type as number, unknownUsers(app));
    return created(reply);
  });
}
