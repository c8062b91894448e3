import type { FastifyRequest } from 'fastify';
import type { Json, JsonObject } from '../../../core/json.ts';
import { badValue } from '../errors.ts';
import { asArray, asObject, bodyOf } from './body.ts';

const itemsMax = 100;

/** The items of a body across apps: an array, or the one object that some clients send instead. */
export function itemsOf(request: FastifyRequest): JsonObject[] {
  const body: Json | undefined = bodyOf(request);
  const items = Array.isArray(body) ? asArray(body, 'the body', itemsMax) : [asObject(body, 'the body')];
  if (items.length === 0) throw badValue('the body must be an array of objects', 'body');
  return items.map((item) => asObject(item, 'an item'));
}
