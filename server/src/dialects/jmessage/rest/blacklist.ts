// Whom a user does not want to hear from.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { liftBlocks, putBlocks } from '../../../core/blocks/block-people.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { conversationOf } from '../../../core/subjects.ts';
import type { User } from '../../../core/users/user.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { openAll, openNamed } from '../names.ts';
import { toUser } from '../wire.ts';
import { namesOf } from './body.ts';
import { answer, done } from './conventions.ts';
import { describe } from './describe.ts';
import { segment } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Blacklist';
const url = '/v1/users/:username/blacklist';

export function blacklistRoutes(door: FastifyInstance, core: Core): void {
  const add = describe(url, {
    tag,
    summary: 'Add to the blacklist',
    description: 'All or none. Admins cannot be added.',
    body: shapes.names('mary'),
    answers: { 204: shapes.nothing },
  });
  door.put(url, { schema: add }, async (request, reply) => {
    const app = appOf(request);
    const { owner, others } = await partiesOf(core, app, request);
    if (others.some(({ admin }) => admin))
      throw new ImError('forbidden', 'an admin cannot be added', { what: 'admin' });
    const rule = { max: limits.blocksPerUserMax, strict: true };
    await putBlocks(core, app, owner, idsOf(others), rule);
    return done(reply);
  });

  const remove = describe(url, {
    tag,
    summary: 'Take from the blacklist',
    description: 'All or none.',
    body: shapes.names('eddie'),
    answers: { 204: shapes.nothing },
  });
  door.delete(url, { schema: remove }, async (request, reply) => {
    const app = appOf(request);
    const { owner, others } = await partiesOf(core, app, request);
    await liftBlocks(core, app, owner, idsOf(others), { strict: true });
    return done(reply);
  });

  const list = describe(url, { tag, summary: 'The blacklist', answers: { 200: shapes.users } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const { blocks } = await core.store.blocks.list(app.no, id, { skip: 0, limit: limits.blocksPerUserMax });
    // Another door lets people block whole conversations: those are no users.
    const names = blocks.map(({ target }) => target).filter((target) => conversationOf(target) === undefined);
    const users = await core.store.users.byIds(app.no, names);
    return answer(
      reply,
      users.filter((user) => user !== undefined).map((user) => toUser(app, user)),
    );
  });
}

const idsOf = (users: readonly User[]): string[] => users.map(({ id }) => id);

async function partiesOf(
  core: Core,
  app: App,
  request: FastifyRequest,
): Promise<{ owner: string; others: readonly User[] }> {
  const names = namesOf(request);
  const name = segment(request, 'username');
  if (names.includes(name)) throw badValue('nobody is on his own blacklist', 'body');
  const { id } = await openNamed(core, app, name);
  return { owner: id, others: await openAll(core, app, names) };
}
