// Shielded groups: nothing of them is delivered to the user; their history keeps it.
import type { FastifyInstance } from 'fastify';
import { changeShields } from '../../../core/conversations/shields.ts';
import type { Core } from '../../../core/core.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { openOwnGroups } from '../groups-of.ts';
import { openNamed } from '../names.ts';
import { numbersIn, objectOf } from './body.ts';
import { done, on } from './conventions.ts';
import { describe } from './describe.ts';
import { segment } from './query.ts';
import * as shapes from './schemas.ts';

const url = '/v1/users/:username/groupsShield';

export function shieldRoutes(door: FastifyInstance, core: Core): void {
  const schema = describe(url, {
    tag: 'No-disturb',
    summary: 'Shield a user from groups',
    description: 'The whole request is carried out, or nothing of it.',
    body: shapes.shieldChange,
    answers: { 204: shapes.nothing },
  });
  door.post(url, { schema, config: on('shield') }, async (request, reply) => {
    const app = appOf(request);
    const body = objectOf(request);
    const add = numbersIn(body.add, 'add');
    const remove = numbersIn(body.remove, 'remove');
    if (add.length + remove.length === 0) throw badValue('add or remove is needed', 'body');
    const { id } = await openNamed(core, app, segment(request, 'username'));
    const groups = await openOwnGroups(core, app, id, [...add, ...remove]);
    const among = (numbers: readonly number[]) => groups.filter(({ no }) => numbers.includes(no));
    await changeShields(core, app, id, { add: among(add), remove: among(remove), strict: true });
    return done(reply);
  });
}
