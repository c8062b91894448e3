// /ctx/{user}/strangers: people with whom a user talked without being friends.
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Core } from '../../../core/core.ts';
import { listStrangerDetails, listStrangers, openStranger } from '../../../core/friends/strangers.ts';
import { callerOf } from '../caller.ts';
import { answer } from './conventions.ts';
import { describe, detailQuery } from './describe.ts';
import { strangerView } from './policy.ts';
import { flagOf, idIn, strangerPageOf } from './query.ts';
import * as shapes from './schemas.ts';
import { toStranger } from './shapes.ts';

const tag = 'Strangers';
const list = '/ctx/:user/strangers';
const one = '/ctx/:user/strangers/:stranger';

export function strangerRoutes(door: FastifyInstance, core: Core): void {
  const query = {
    ...detailQuery,
    skip: Type.String({ description: 'Leave out so many' }),
    limit: Type.String({ description: 'At most so many; 20 by default, 100 at most' }),
    ids: Type.String({ description: 'Only these, separated by commas' }),
  };
  const listing = describe(list, {
    tag,
    summary: 'Strangers of a user',
    description: 'Newest contact first.',
    query,
    answers: { 200: shapes.strangerList },
  });
  door.get(list, { schema: listing }, async (request, reply) => {
    const { app } = callerOf(request);
    const who = idIn(request, 'user');
    const page = strangerPageOf(request);
    if (!flagOf(request, 'detail')) {
      const strangers = await listStrangers(core, app, who, page);
      return answer(
        reply,
        strangers.map(({ id }) => id),
      );
    }
    const strangers = await listStrangerDetails(core, app, who, page, strangerView(app, who));
    return answer(reply, strangers.map(toStranger));
  });

  door.get(
    one,
    { schema: describe(one, { tag, summary: 'One stranger', answers: { 200: shapes.strangerDetail } }) },
    async (request, reply) => {
      const { app } = callerOf(request);
      const who = idIn(request, 'user');
      const detail = await openStranger(core, app, who, idIn(request, 'stranger'), strangerView(app, who));
      const { firstBy, id } = detail.stranger;
      return answer(reply, { ...toStranger(detail), from: firstBy, to: firstBy === id ? who : id });
    },
  );
}
