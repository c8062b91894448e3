// An addition to MaxLeap's paths: the list of talks that a messenger opens with, and read marks.
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../../core/apps/app.ts';
import { openConversation } from '../../../core/conversations/open.ts';
import { listTalks } from '../../../core/conversations/talks.ts';
import type { Core } from '../../../core/core.ts';
import { bareId, type PrincipalKey, passengerKey } from '../../../core/ids.ts';
import { openPassenger } from '../../../core/passengers/open.ts';
import { openUser } from '../../../core/users/open.ts';
import { callerOf } from '../caller.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { friendView, groupView, passengerView, strangerView } from './policy.ts';
import { idIn, talksPageOf } from './query.ts';
import * as shapes from './schemas.ts';
import { toTalk } from './shapes.ts';

const tag = 'Talks';

export function talkRoutes(door: FastifyInstance, core: Core): void {
  addList(door, core, '/ctx/:user/conversations', async (app, id) => (await openUser(core, app, id)).id);
  addList(door, core, '/passengers/:passenger/conversations', async (app, id) =>
    passengerKey((await openPassenger(core, app, id)).id),
  );

  const reads = '/groups/:group/reads';
  const schema = describe(reads, { tag, summary: 'Read marks of a group', answers: { 200: shapes.readMarks } });
  door.get(reads, { schema }, async (request, reply) => {
    const { app } = callerOf(request);
    const group = await openConversation(core, app, 'group', idIn(request, 'group'));
    const marks = await core.store.marks.of(app.no, group.no);
    return answer(reply, Object.fromEntries(marks.map(({ who, ts }) => [bareId(who), ts])));
  });
}

function addList(
  door: FastifyInstance,
  core: Core,
  url: string,
  open: (app: App, id: string) => Promise<PrincipalKey>,
): void {
  const owner = url.startsWith('/ctx') ? 'user' : 'passenger';
  const schema = describe(url, {
    tag,
    summary: `Direct talks and groups of a ${owner}`,
    description: 'Newest first, each with its newest message and what is unread.',
    query: {
      before: Type.String({ description: 'Only those with a `ts` before this moment' }),
      limit: Type.String({ description: 'At most so many; 20 by default, 100 at most' }),
    },
    answers: { 200: shapes.talks },
  });
  door.get(url, { schema }, async (request, reply) => {
    const { app } = callerOf(request);
    const who = await open(app, idIn(request, owner));
    const talks = await listTalks(core, app, who, talksPageOf(request, app), {
      friend: friendView(app, who),
      stranger: strangerView(app, who),
      passenger: passengerView(app),
      group: groupView(app, who),
    });
    return answer(
      reply,
      talks.map((talk) => toTalk(who, talk)),
    );
  });
}
