// History: of friends, of strangers, of groups, of passengers. A page is the newest messages before a moment, oldest
// first. System messages and what is said in rooms are in none.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../../core/apps/app.ts';
import { openConversation } from '../../../core/conversations/open.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { type PrincipalKey, passengerKey } from '../../../core/ids.ts';
import { clearMessages, hideMessages } from '../../../core/messages/clear.ts';
import { directChanges, directPage, hideDirect } from '../../../core/messages/direct.ts';
import { changesOf as historyChanges, pageOf as historyOf, type View } from '../../../core/messages/history.ts';
import { openPassenger } from '../../../core/passengers/open.ts';
import { assertUsers, openUser } from '../../../core/users/open.ts';
import { callerOf, guard } from '../caller.ts';
import { answer, gone } from './conventions.ts';
import { describe, hideQuery, historyQuery } from './describe.ts';
import { friendView, groupView, passengerView, strangerView } from './policy.ts';
import { changesOf, idIn, momentOf, pageOf, wordOf } from './query.ts';
import * as shapes from './schemas.ts';
import { toChange, toRecord } from './shapes.ts';

const tag = 'History';

export function chatRoutes(door: FastifyInstance, core: Core): void {
  addPair(door, core, 'friend', friendView);
  addPair(door, core, 'stranger', strangerView);
  addGroup(door, core);

  const url = '/passengers/:passenger/chats/:user';
  const schema = describe(url, {
    tag,
    summary: 'Talk of a passenger and a user',
    query: historyQuery,
    answers: { 200: shapes.records },
  });
  door.get(url, { schema }, async (request, reply) => {
    const { app } = callerOf(request);
    const [passenger, user] = await Promise.all([
      openPassenger(core, app, idIn(request, 'passenger')),
      openUser(core, app, idIn(request, 'user')),
    ]);
    return sendPage(core, request, reply, [passengerKey(passenger.id), user.id], passengerView(app));
  });
}

/** The talk of two users has one history for the time they were friends, and one for the time they were not. */
function addPair(
  door: FastifyInstance,
  core: Core,
  other: 'friend' | 'stranger',
  view: (app: App, reader: string) => View,
): void {
  const url = `/ctx/:user/${other}s/:${other}/chats`;
  const pairOf = async (request: FastifyRequest): Promise<readonly [string, string]> => {
    const pair = [idIn(request, 'user'), idIn(request, other)] as const;
    await assertUsers(core, callerOf(request).app, pair);
    return pair;
  };

  const reading = describe(url, {
    tag,
    summary: `Talk of two ${other}s`,
    query: historyQuery,
    answers: { 200: shapes.records },
  });
  door.get(url, { schema: reading }, async (request, reply) => {
    const pair = await pairOf(request);
    return sendPage(core, request, reply, pair, view(callerOf(request).app, pair[0]));
  });

  const hiding = describe(url, {
    tag,
    summary: `Hide the talk with a ${other} from the first user`,
    description: 'The other side keeps its records.',
    query: hideQuery,
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: hiding }, async (request, reply) => {
    const { app } = callerOf(request);
    const [who, whom] = await pairOf(request);
    await hideDirect(core, app, who, whom, momentOf(request, app, 'hide'));
    return gone(reply);
  });
}

async function sendPage(
  core: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  pair: readonly [PrincipalKey, PrincipalKey],
  view: View,
): Promise<FastifyReply> {
  const { app } = callerOf(request);
  const changes = changesOf(request, app);
  if (changes) return answer(reply, (await directChanges(core, app, pair, changes, view)).map(toChange));
  const page = await directPage(core, app, pair, pageOf(request, app), view);
  return answer(reply, page.map(toRecord));
}

function addGroup(door: FastifyInstance, core: Core): void {
  const url = '/groups/:group/chats';
  const you = { you: Type.String({ description: 'Leave out what this user has hidden' }) };
  const reading = describe(url, {
    tag,
    summary: 'Talk of a group',
    query: { ...historyQuery, ...you },
    answers: { 200: shapes.records },
  });
  door.get(url, { schema: reading }, async (request, reply) => {
    const { app } = callerOf(request);
    const group = await openConversation(core, app, 'group', idIn(request, 'group'));
    const view = groupView(app, wordOf(request, 'you'));
    const changes = changesOf(request, app);
    if (changes) return answer(reply, (await historyChanges(core, app, group.no, changes, view)).map(toChange));
    const page = await historyOf(core, app, group.no, pageOf(request, app), view);
    return answer(reply, page.map(toRecord));
  });

  const erasing = describe(url, {
    tag,
    summary: 'Erase the talk of a group for everybody',
    description: 'With `you` it is only hidden from that user; `hide` needs `you`.',
    query: { ...hideQuery, you: Type.String({ description: 'Hide from this user only' }) },
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: erasing }, async (request, reply) => {
    const { app } = callerOf(request);
    const group = await openConversation(core, app, 'group', idIn(request, 'group'));
    const you = wordOf(request, 'you');
    const upTo = momentOf(request, app, 'hide');
    if (you !== undefined) {
      await assertUsers(core, app, [you]);
      await hideMessages(core, app, group, you, upTo);
      return gone(reply);
    }
    // Whoever names a moment wants to keep the rest: erasing all of it would be the wrong guess.
    if (upTo !== undefined) throw new ImError('invalid-argument', 'hide needs you', { what: 'you', why: 'missing' });
    await guard('destroy')(request);
    await clearMessages(core, app, group);
    return gone(reply);
  });
}
