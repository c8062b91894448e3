// /passengers: temporary identities with attributes.
import type { FastifyInstance } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { hexId } from '../../../core/ids.ts';
import { openPassenger } from '../../../core/passengers/open.ts';
import { putPassenger } from '../../../core/passengers/put.ts';
import { callerOf } from '../caller.ts';
import { objectOf } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { idIn } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Passengers';
const one = '/passengers/:passenger';

export function passengerRoutes(door: FastifyInstance, core: Core): void {
  const putting = describe('/passengers', {
    tag,
    summary: 'Create a passenger, or change one',
    description: 'With an `id` that exists the attributes are merged; without `id` one is chosen.',
    body: shapes.passengerBody,
    answers: { 200: shapes.newId },
  });
  door.post('/passengers', { schema: putting }, async (request, reply) => {
    const { id = hexId(32), ...attributes } = objectOf(request);
    return answer(reply, await putPassenger(core, callerOf(request).app, id, attributes));
  });

  const schema = describe(one, { tag, summary: 'Attributes of a passenger', answers: { 200: shapes.attributeMap } });
  const alias = describe(one, {
    tag,
    summary: 'The same as GET',
    description: 'For the SDKs that send POST where GET was meant.',
    answers: { 200: shapes.attributeMap },
  });
  for (const [method, words] of [
    ['GET', schema],
    ['POST', alias],
  ] as const) {
    door.route({
      method,
      url: one,
      schema: words,
      handler: async (request, reply) =>
        answer(reply, (await openPassenger(core, callerOf(request).app, idIn(request, 'passenger'))).attributes),
    });
  }
}
