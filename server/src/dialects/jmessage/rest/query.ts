// What stands in a URL.
import type { FastifyRequest } from 'fastify';
import { badValue } from '../errors.ts';
import { flag, integer } from './body.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** The last of a repeated name; undefined when it is absent or empty. */
export const wordOf = (request: FastifyRequest, name: string): string | undefined =>
  (request.query as Query)[name] || undefined;

/** A segment of the path, decoded. */
export const segment = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string | undefined>)[name] ?? '';

/** A number in the path. Throws `invalid-argument` when it is none that an id could be. */
export function numberIn(request: FastifyRequest, name: string): number {
  const number = /^\d+$/.test(segment(request, name)) ? integer(segment(request, name)) : undefined;
  if (number === undefined) throw badValue(`${name} must be a number`, name);
  return number;
}

/** undefined when absent. */
export function flagIn(request: FastifyRequest, name: string): boolean | undefined {
  const text = wordOf(request, name);
  if (text === undefined) return undefined;
  const value = flag(text);
  if (value === undefined) throw badValue(`${name} must be true or false`, name);
  return value;
}

export type PageBounds = { readonly countMax?: number; readonly countDefault?: number };

/** `start` and `count`. Both may be left out; what is given has to be right. */
export function pageOf(
  request: FastifyRequest,
  { countMax = 500, countDefault = 100 }: PageBounds = {},
): { start: number; count: number } {
  const start = integer(wordOf(request, 'start') ?? '0');
  const count = integer(wordOf(request, 'count') ?? String(countDefault));
  if (start === undefined || start < 0) throw badValue('start must be a whole number, 0 or more', 'start');
  if (count === undefined || count < 1 || count > countMax)
    throw badValue(`count must be a whole number from 1 to ${countMax}`, 'count');
  return { start, count };
}
