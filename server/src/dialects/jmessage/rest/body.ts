// What stands in a body. `null` is the same as absent everywhere; numbers and flags may be written as texts.
import type { FastifyRequest } from 'fastify';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { badValue } from '../errors.ts';
import { isUnreadable } from './conventions.ts';

/** Names in one list, where no documented figure is lower. */
export const namesMax = 500;

/** The body as it was parsed; undefined when there was none. Throws `invalid-argument` when it is no JSON. */
export function bodyOf(request: FastifyRequest): Json | undefined {
  const { body } = request;
  if (isUnreadable(body)) throw body.unreadable;
  return (body as Json | undefined) ?? undefined;
}

export function objectOf(request: FastifyRequest): JsonObject {
  return asObject(bodyOf(request), 'the body');
}

export function asObject(value: Json | undefined, what: string): JsonObject {
  if (!isJsonObject(value)) throw badValue(`${what} must be a JSON object`, what);
  return value;
}

export function arrayOf(request: FastifyRequest, max: number): Json[] {
  return asArray(bodyOf(request), 'the body', max);
}

export function asArray(value: Json | undefined, what: string, max: number): Json[] {
  if (!Array.isArray(value)) throw badValue(`${what} must be a JSON array`, what);
  if (value.length > max) throw badValue(`${what} holds more than ${max} items`, what);
  return value;
}

/** undefined when the key is absent or null. A name that every object has by birth counts as absent. */
export const fieldOf = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;

export type TextRule = {
  /** UTF-8 bytes. */
  readonly bytesMin?: number;
  readonly bytesMax: number;
  /** True: `\n` and `\r` are refused. */
  readonly oneLine?: boolean;
};

/** undefined when absent. */
export function textOf(object: JsonObject, name: string, rule: TextRule): string | undefined {
  const value = fieldOf(object, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw badValue(`${name} must be a text`, name);
  const bytes = Buffer.byteLength(value);
  if (bytes > rule.bytesMax) throw badValue(`${name} is longer than ${rule.bytesMax} bytes`, name);
  if (bytes < (rule.bytesMin ?? 0)) throw badValue(`${name} is shorter than ${rule.bytesMin} bytes`, name);
  if (rule.oneLine && /[\r\n]/.test(value)) throw badValue(`${name} must be one line`, name);
  // A lone surrogate has no bytes; it would come back as another text.
  if (!value.isWellFormed()) throw badValue(`${name} is no Unicode text`, name);
  return value;
}

export function neededText(object: JsonObject, name: string, rule: TextRule): string {
  const value = textOf(object, name, rule);
  if (value === undefined) throw badValue(`${name} is missing`, name);
  return value;
}

/** A whole number, or one written as a decimal text; undefined when absent. */
export function integerOf(object: JsonObject, name: string, min: number, max: number): number | undefined {
  const value = fieldOf(object, name);
  if (value === undefined) return undefined;
  const number = integer(value);
  if (number === undefined || number < min || number > max)
    throw badValue(`${name} must be a whole number from ${min} to ${max}`, name);
  return number;
}

/** undefined when it is neither a safe whole number nor a decimal text of one. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

const flags = new Map<unknown, boolean>([
  [true, true],
  [1, true],
  ['true', true],
  ['True', true],
  ['1', true],
  [false, false],
  [0, false],
  ['false', false],
  ['False', false],
  ['0', false],
]);

/** undefined when it is none of the forms that a yes or no has here. */
export const flag = (value: unknown): boolean | undefined => flags.get(value);

/** undefined when absent. */
export function flagOf(object: JsonObject, name: string): boolean | undefined {
  const value = fieldOf(object, name);
  if (value === undefined) return undefined;
  const read = flag(value);
  if (read === undefined) throw badValue(`${name} must be true or false`, name);
  return read;
}

/** Names, each once, in the order given; absent or null: none. Whether they could be names is not looked at. */
export function namesIn(value: Json | undefined, what: string, max = namesMax): string[] {
  if (value === undefined || value === null) return [];
  const names = asArray(value, what, max);
  if (!names.every((name) => typeof name === 'string')) throw badValue(`${what} must hold names only`, what);
  return [...new Set(names as string[])];
}

/** A body that is a list of names, at least one. */
export function namesOf(request: FastifyRequest, max = namesMax): string[] {
  const body = bodyOf(request);
  const names = namesIn(body, 'the body', max);
  if (names.length === 0) throw badValue('the body must be an array of names', 'body');
  return names;
}

/** Numbers of groups or rooms, each once; absent: none. */
export function numbersIn(value: Json | undefined, what: string, max = namesMax): number[] {
  if (value === undefined || value === null) return [];
  const numbers = asArray(value, what, max).map(integer);
  if (!numbers.every((number) => number !== undefined && number > 0))
    throw badValue(`${what} must hold ids only`, what);
  return [...new Set(numbers as number[])];
}

/** The app that a body names; both spellings are in use. */
export const appkeyOf = (object: JsonObject): string | undefined =>
  textOf(object, 'appkey', { bytesMax: 128 }) ?? textOf(object, 'appKey', { bytesMax: 128 });
