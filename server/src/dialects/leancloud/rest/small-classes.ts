// The other classes that IM needs: roles for the SDKs, what clients said to services for the application; and the time.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { iso } from '../rows.ts';
import { upstreamRow } from '../upstream-row.ts';
import { byOrder, compileWhere, parseOrder, type Row } from '../where.ts';
import { answer, callerOf, masterOnly, paramsIn } from './conventions.ts';
import { infoRowOf, specialMembers } from './member-infos.ts';
import { flagOf, given, integerOf, limitOf, missing, objectOf, optionalText } from './params.ts';
import { clientOf } from './session-token.ts';

const upstreamMax = 1_000;

/** Needs no credentials. */
export function dateRoute(door: FastifyInstance, core: Pick<Core, 'clock'>): void {
  door.get('/1.1/date', async (_request, reply) => answer(reply, { __type: 'Date', iso: iso(core.clock.now()) }));
}

export function smallClassRoutes(door: FastifyInstance, core: Core): void {
  door.get('/1.1/classes/_ConversationMemberInfo', async (request, reply) =>
    answer(reply, await memberInfos(core, request)),
  );
  door.get('/1.1/classes/_SysMessage', { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const said = await core.store.services.upstream(app.no, { limit: upstreamMax });
    const keys = await core.store.conversations.keys(
      app.no,
      said.map(({ conversation }) => conversation),
    );
    const rows = said.map((one, n) => upstreamRow(app, one, keys[n]?.id ?? String(one.conversation)));
    return answer(reply, chosenRows(rows, paramsIn(request), '-createdAt'));
  });
}

/** Members may see the roles of their conversation; the application may see everybody's. */
async function memberInfos(core: Core, request: FastifyRequest) {
  const { app, master } = callerOf(request);
  const params = paramsIn(request);
  const where = objectOf(params, 'where') ?? {};
  const cid = optionalText(params, 'cid') ?? optionalText(where, 'cid');
  const who = master ? undefined : await clientOf(core, request);
  if (cid === undefined) throw missing('cid');
  const conversation: Conversation | undefined = await core.store.conversations.open(app.no, cid);
  if (!conversation) throw new ImError('conversation-not-found', 'CONVERSATION_NOT_FOUND', { purpose: 'read' });
  if (who !== undefined && (await core.store.conversations.among(app.no, conversation.no, [who])).length === 0)
    throw new ImError('not-a-member', 'only members see the roles', { purpose: 'list' });
  const members = await specialMembers(core, app, conversation);
  return chosenRows(
    members.map((member) => infoRowOf(conversation, member)),
    params,
    'createdAt',
  );
}

/** Rows of a small class, filtered, ordered and cut as a query says. */
export function chosenRows(rows: readonly Row[], params: JsonObject, usual: string) {
  const test = compileWhere(objectOf(params, 'where') ?? {});
  const fitting = rows.filter(test).sort(byOrder(parseOrder(optionalText(params, 'order') ?? usual)));
  const skip = Math.max(0, integerOf(params, 'skip') ?? 0);
  const limit = given(params, 'limit') === undefined ? 100 : limitOf(params, 100, 1_000);
  return {
    results: fitting.slice(skip, skip + limit),
    ...(flagOf(params, 'count') ? { count: fitting.length } : {}),
  };
}
