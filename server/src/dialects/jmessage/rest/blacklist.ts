// Whom a user does not want to hear from.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import { liftBlocks, putBlocks } from '../../../core/blocks/block-people.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { conversationOf } from '../../../core/subjects.ts';
import { appOf } from '../caller.ts';
import { openNamed } from '../names.ts';
import { usersOfAll } from '../other-apps.ts';
import { toUser } from '../wire.ts';
import { answer, done } from './conventions.ts';
import { describe } from './describe.ts';
import { type Parties, partiesOf } from './parties.ts';
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
    await block(core, app, await partiesOf(core, app, request));
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
    const { who, ids } = await partiesOf(core, app, request);
    await liftBlocks(core, app, who, ids, { strict: true });
    return done(reply);
  });

  const list = describe(url, { tag, summary: 'The blacklist', answers: { 200: shapes.users } });
  door.get(url, { schema: list }, async (request, reply) => {
    const app = appOf(request);
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const users = await usersOfAll(core, app, await blockedBy(core, app, id));
    const own = users.filter((one) => one.app === app);
    return answer(
      reply,
      own.map(({ user }) => toUser(app, user)),
    );
  });
}

/** All or none. Throws `forbidden` (what: admin), `already`, `full`. */
export async function block(core: Core, app: App, { who, ids, others }: Parties): Promise<void> {
  if (others.some(({ admin }) => admin)) throw new ImError('forbidden', 'an admin cannot be added', { what: 'admin' });
  await putBlocks(core, app, who, ids, { max: limits.blocksPerUserMax, strict: true });
}

/** Another door lets people block whole conversations: those are no users. */
export async function blockedBy(core: Core, app: App, who: string): Promise<string[]> {
  const { blocks } = await core.store.blocks.list(app.no, who, { skip: 0, limit: limits.blocksPerUserMax });
  return blocks.map(({ target }) => target).filter((target) => conversationOf(target) === undefined);
}
