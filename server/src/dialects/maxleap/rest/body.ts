// What stands in a body, beyond what its schema says.
import type { FastifyRequest } from 'fastify';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';

/** The body as an object; an empty body is `{}`. */
export function objectOf(request: FastifyRequest): JsonObject {
  const { body } = request;
  if (body === undefined || body === null) return {};
  if (!isJsonObject(body))
    throw new ImError('invalid-argument', 'the body must be a JSON object', { what: 'body', why: 'type' });
  return body;
}

/**
 * Ids in a body: an array under `name`, or a bare array. Nested arrays are flattened, because one SDK really sends
 * `["a",["b","c"]]`; doubles are dropped. Absent: an empty list.
 */
export function idsOf(body: unknown, name: string): string[] {
  const given = isJsonObject(body) ? body[name] : body;
  return given === undefined || given === null ? [] : idList(given, name);
}

export function idList(given: unknown, name: string): string[] {
  if (!Array.isArray(given))
    throw new ImError('invalid-argument', `${name} must be an array of ids`, { what: name, why: 'type' });
  const ids = new Set<string>();
  for (const id of given.flat(limits.jsonDepthMax) as unknown[]) {
    if (typeof id !== 'string')
      throw new ImError('invalid-argument', `${name} must hold ids only`, { what: name, why: 'type' });
    ids.add(id);
  }
  if (ids.size > limits.membersPerCallMax) {
    throw new ImError('too-long', `${name} holds more than ${limits.membersPerCallMax} ids`, {
      what: name,
      max: limits.membersPerCallMax,
    });
  }
  return [...ids];
}

/** `name` of a group or room; undefined when it is not given. */
export function nameInBody({ name }: JsonObject): string | undefined {
  return typeof name === 'string' ? name : undefined;
}

/** Name and attributes of a new group or room: a `name` beside the attributes wins over one among them. */
export function attributesInBody(body: JsonObject): { name: string | null; attributes: JsonObject } {
  const { name: inner, ...others } = isJsonObject(body.attributes) ? body.attributes : {};
  const name = nameInBody(body) ?? (typeof inner === 'string' ? inner : null);
  return { name, attributes: name === null && inner !== undefined ? { ...others, name: inner } : others };
}
