// What a request says, wherever it says it: in the body, in the query, or, as curl's -G puts it, as raw JSON in place of
// the query. Values are taken leniently, because SDKs and samples write them in several ways.
import { ImError } from '../../../core/errors.ts';
import { isPassenger } from '../../../core/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { parseJson } from '../../../http/json.ts';

/** The body laid over the query. Throws `invalid-argument` (what: json) for a body that is no JSON object. */
export function paramsOf(rawQuery: string, body: Json | undefined): JsonObject {
  if (body !== undefined && body !== null && !isJsonObject(body)) throw notAnObject();
  return { ...queryOf(rawQuery), ...listsAsLists(body ?? {}) };
}

/** In a query a text may be a list with commas; in a body it is one. */
const lists = ['m', 'client_ids', 'peers', 'mention_client_ids'];

function listsAsLists(body: JsonObject): JsonObject {
  const single = lists.filter((name) => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    return typeof value === 'string' && value !== '' && !value.trimStart().startsWith('[');
  });
  return single.length === 0
    ? body
    : { ...body, ...Object.fromEntries(single.map((name) => [name, [body[name] ?? '']])) };
}

const notAnObject = (): ImError =>
  new ImError('invalid-argument', 'Malformed json object. A json dictionary is expected.', {
    what: 'json',
    why: 'syntax',
  });

/** A query that is raw JSON as a whole, else names and values; a name that repeats becomes a list. */
function queryOf(rawQuery: string): JsonObject {
  const text = decoded(rawQuery).trim();
  if (text.startsWith('{')) {
    for (const attempt of [text, text.replaceAll('+', ' ')]) {
      const value = tryJson(attempt);
      if (isJsonObject(value)) return value;
    }
    throw notAnObject();
  }
  const query: JsonObject = Object.create(null);
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const before = query[name];
    query[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function tryJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The first of several names that is given; `null` counts as absent. */
export function given(params: JsonObject, ...names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

const wrongType = (name: string): ImError =>
  new ImError('invalid-argument', `Field set to incorrect type: ${name}.`, { what: name, why: 'type' });

export const missing = (name: string): ImError =>
  new ImError('invalid-argument', `${name} is required.`, { what: name, why: 'missing' });

/** A text that must be there and must not be empty. A number is taken by its digits. */
export function textOf(params: JsonObject, ...names: readonly string[]): string {
  const text = optionalText(params, ...names);
  if (text === undefined || text === '') throw missing(names[0] ?? 'parameter');
  return text;
}

const clientCharsMax = 64;

/** Throws `invalid-argument` for what is no client id: 1 to 64 characters of any kind, without the mark of a passenger. */
export function assertClient(id: string, name: string): void {
  if (id === '') throw new ImError('invalid-argument', `${name} is required.`, { what: 'client', why: 'missing' });
  if (id.length > clientCharsMax || isPassenger(id))
    throw new ImError('invalid-argument', `${name} has 1 to ${clientCharsMax} characters.`, {
      what: 'client',
      max: clientCharsMax,
    });
}

/** A client id that must be there. */
export function peerOf(params: JsonObject, ...names: readonly string[]): string {
  const id = textOf(params, ...names);
  assertClient(id, names[0] ?? 'client_id');
  return id;
}

/** Client ids; undefined when absent. */
export function peersOf(params: JsonObject, ...names: readonly string[]): string[] | undefined {
  const ids = listOf(params, ...names);
  for (const id of ids ?? []) assertClient(id, names[0] ?? 'client_ids');
  return ids;
}

export function optionalText(params: JsonObject, ...names: readonly string[]): string | undefined {
  const value = given(params, ...names);
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw wrongType(names[0] ?? 'parameter');
}

/** Booleans as JSON, as words or as 0 and 1. */
export function flagOf(params: JsonObject, name: string, otherwise = false): boolean {
  const value = given(params, name);
  if (value === undefined) return otherwise;
  if (value === true || value === 'true' || value === 1 || value === '1') return true;
  if (value === false || value === 'false' || value === 0 || value === '0' || value === '') return false;
  throw wrongType(name);
}

/** A whole number, also as digits in a text; undefined when absent. */
export function integerOf(params: JsonObject, ...names: readonly string[]): number | undefined {
  const value = given(params, ...names);
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw wrongType(names[0] ?? 'parameter');
  return number;
}

/** Texts as a JSON array, a JSON array in a text, repeated names, a comma list, or a single text. */
export function listOf(params: JsonObject, ...names: readonly string[]): string[] | undefined {
  const value = given(params, ...names);
  if (value === undefined) return undefined;
  const list = typeof value === 'string' ? listInText(value) : value;
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) throw wrongType(names[0] ?? 'parameter');
  return [...new Set(list as string[])];
}

function listInText(text: string): Json {
  if (text.trimStart().startsWith('[')) return tryJson(text) ?? text;
  return text === '' ? [] : text.split(',');
}

/** A JSON object, also as a text that holds one; undefined when absent. */
export function objectOf(params: JsonObject, name: string): JsonObject | undefined {
  const value = given(params, name);
  if (value === undefined || value === '') return undefined;
  const object = typeof value === 'string' ? tryJson(value) : value;
  if (!isJsonObject(object)) throw notAnObject();
  return object;
}

/** A page's size: what is outside 1 … `max` becomes `otherwise`. */
export function limitOf(params: JsonObject, otherwise: number, max: number, above: number = otherwise): number {
  const value = Number(given(params, 'limit') ?? otherwise);
  if (!Number.isInteger(value) || value < 1) return otherwise;
  return value > max ? above : value;
}
