// Switches: `status` in the query, or in the body as one client sends it.
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isJsonObject } from '../../../core/json.ts';
import { badValue } from '../errors.ts';
import { bodyOf, flagOf } from './body.ts';
import { flagIn } from './query.ts';

export const statusQuery = {
  status: Type.String({ description: '1 on, 0 off; may stand in the body instead: `{"status":1}`', examples: ['1'] }),
};

/** Throws `invalid-argument` when neither place says it. */
export function statusIn(request: FastifyRequest): boolean {
  const asked = flagIn(request, 'status');
  if (asked !== undefined) return asked;
  const body = bodyOf(request);
  const told = isJsonObject(body) ? flagOf(body, 'status') : undefined;
  if (told === undefined) throw badValue('status is missing', 'status');
  return told;
}
