// Who is kept away from a conversation, and which conversations a client does not want to be added to.
import type { FastifyInstance } from 'fastify';
import { blockFrom, unblockFrom } from '../../../core/blocks/block-from.ts';
import { liftBlocks, putBlocks } from '../../../core/blocks/block-people.ts';
import type { Core } from '../../../core/core.ts';
import { limits } from '../../../core/limits.ts';
import { conversationOf, conversationSubject } from '../../../core/subjects.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { type Family, openFor } from '../open.ts';
import { answer, callerOf, masterOnly, paramsIn, segment } from './conventions.ts';
import { clientIds } from './members.ts';
import { textOf } from './params.ts';
import { nextOf, pageIn } from './silences.ts';

const bases: readonly [string, Family][] = [
  ['/1.2/rtm/conversations', 'conversations'],
  ['/1.2/rtm/chatrooms', 'chatrooms'],
  ['/1.2/rtm/service-conversations', 'services'],
];

export function blacklistRoutes(door: FastifyInstance, core: Core): void {
  for (const [base, family] of bases) ofConversations(door, core, family, `${base}/:id/blacklists`);
  ofClients(door, core, '/1.2/rtm/clients/:id/blacklists');
}

function ofConversations(door: FastifyInstance, core: Core, family: Family, path: string): void {
  door.post(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const conversation = await openFor(core, app, family, segment(request, 'id'));
    const ids = clientIds(request);
    await ensureUsers(core, app, ids, 'create-any');
    await blockFrom(core, app, conversation, ids);
    return answer(reply, {});
  });
  door.delete(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    await unblockFrom(core, app, await openFor(core, app, family, segment(request, 'id')), clientIds(request));
    return answer(reply, {});
  });
  door.get(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const { no } = await openFor(core, app, family, segment(request, 'id'), 'read');
    const { skip, limit } = pageIn(paramsIn(request));
    const { total, blocks } = await core.store.blocks.list(app.no, conversationSubject(no), { skip, limit });
    return answer(reply, { client_ids: blocks.map(({ target }) => target), ...nextOf(skip, limit, total) });
  });
}

function ofClients(door: FastifyInstance, core: Core, path: string): void {
  door.post(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const who = segment(request, 'id');
    const { no } = await openFor(core, app, 'conversations', textOf(paramsIn(request), 'conv_id', 'convid'));
    await ensureUsers(core, app, [who], 'create-any');
    const rule = { max: limits.blocksPerGroupMax, strict: false };
    await putBlocks(core, app, who, [conversationSubject(no)], rule);
    return answer(reply, {});
  });
  door.delete(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const { no } = await openFor(core, app, 'conversations', textOf(paramsIn(request), 'conv_id', 'convid'));
    await liftBlocks(core, app, segment(request, 'id'), [conversationSubject(no)], { strict: false });
    return answer(reply, {});
  });
  door.get(path, { onRequest: masterOnly }, async (request, reply) => {
    const { app } = callerOf(request);
    const { skip, limit } = pageIn(paramsIn(request));
    const { total, blocks } = await core.store.blocks.list(app.no, segment(request, 'id'), { skip, limit });
    const nos = blocks.map(({ target }) => conversationOf(target)).filter((no) => no !== undefined);
    const keys = await core.store.conversations.keys(app.no, nos);
    return answer(reply, { conv_ids: keys.flatMap((key) => (key ? [key.id] : [])), ...nextOf(skip, limit, total) });
  });
}
