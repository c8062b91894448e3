// LeanCloud's query language over rows. Pure: what a store can narrow down beforehand is another file's.
import { isDeepStrictEqual } from 'node:util';
import { ImError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

export type Row = JsonObject;
export type Test = (row: Row) => boolean;

const regexCharsMax = 512;
const regexValueCharsMax = 4096;
const conditionsMax = 200;

/** Throws `invalid-argument` (what: where) for an operator that this server does not know, or a value that does not fit. */
export function compileWhere(where: JsonObject): Test {
  return all(clauses(where, { left: conditionsMax }));
}

type Budget = { left: number };
const all =
  (tests: readonly Test[]): Test =>
  (row) =>
    tests.every((test) => test(row));

function clauses(where: JsonObject, budget: Budget): Test[] {
  return Object.entries(where).map(([key, wanted]) => {
    budget.left -= 1;
    if (budget.left < 0) throw wrong('where holds too many conditions');
    if (key === '$or' || key === '$and') {
      const tests = branches(key, wanted, budget);
      return key === '$and' ? all(tests) : (row) => tests.some((test) => test(row));
    }
    if (key.startsWith('$')) throw wrong(`${key} is not known here`);
    const test = condition(wanted, budget);
    return (row) => test(valueAt(row, key));
  });
}

function branches(key: string, wanted: Json, budget: Budget): Test[] {
  if (!Array.isArray(wanted) || !wanted.every(isJsonObject)) throw wrong(`${key} takes a list of conditions`);
  return wanted.map((one) => all(clauses(one, budget)));
}

type ValueTest = (value: Json | undefined) => boolean;

/** A value to be equal to, or an object of operators that all must hold. */
function condition(wanted: Json, budget: Budget): ValueTest {
  if (!isJsonObject(wanted) || !Object.keys(wanted).some((key) => key.startsWith('$'))) return equals(wanted);
  const tests = Object.entries(wanted).map(([operator, operand]) => {
    budget.left -= 1;
    if (budget.left < 0) throw wrong('where holds too many conditions');
    return operation(operator, operand, wanted);
  });
  return (value) => tests.every((test) => test(value));
}

function operation(operator: string, operand: Json, siblings: JsonObject): ValueTest {
  switch (operator) {
    case '$eq':
      return equals(operand);
    case '$ne': {
      const same = equals(operand);
      return (value) => !same(value);
    }
    case '$lt':
      return compares(operand, (order) => order < 0);
    case '$lte':
      return compares(operand, (order) => order <= 0);
    case '$gt':
      return compares(operand, (order) => order > 0);
    case '$gte':
      return compares(operand, (order) => order >= 0);
    case '$in': {
      const tests = listOf(operator, operand).map(equals);
      return (value) => tests.some((test) => test(value));
    }
    case '$nin': {
      const tests = listOf(operator, operand).map(equals);
      return (value) => !tests.some((test) => test(value));
    }
    case '$all': {
      const tests = listOf(operator, operand).map(equals);
      return (value) => Array.isArray(value) && tests.every((test) => test(value));
    }
    case '$size':
      return (value) => Array.isArray(value) && value.length === operand;
    case '$exists':
      return (value) => (value !== undefined) === Boolean(operand);
    case '$regex':
      return matches(operand, siblings.$options);
    case '$options':
      if (siblings.$regex === undefined) throw wrong('$options goes with $regex');
      return () => true;
    default:
      throw wrong(`${operator} is not known here`);
  }
}

/** An array column is equal to what it contains, too. */
function equals(wanted: Json): ValueTest {
  const goal = plain(wanted);
  return (value) => {
    if (value === undefined) return goal === null;
    if (isDeepStrictEqual(plain(value), goal)) return true;
    return Array.isArray(value) && value.some((one) => isDeepStrictEqual(plain(one), goal));
  };
}

function compares(operand: Json, holds: (order: number) => boolean): ValueTest {
  const goal = plain(operand);
  return (value) => {
    const order = value === undefined ? undefined : compare(plain(value), goal);
    return order !== undefined && holds(order);
  };
}

/** undefined: not to be ordered. A date is ordered with the plain ISO texts of `createdAt` and `updatedAt`. */
export function compare(a: Json, b: Json): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return undefined;
}

/** A date as its ISO text, so that it equals a column which holds just that. */
export function plain(value: Json): Json {
  if (!isJsonObject(value) || value.__type !== 'Date') return value;
  const at = typeof value.iso === 'string' ? Date.parse(value.iso) : Number.NaN;
  return Number.isNaN(at) ? value : new Date(at).toISOString();
}

function matches(pattern: Json, options: Json | undefined): ValueTest {
  if (typeof pattern !== 'string' || pattern.length > regexCharsMax) throw wrong('$regex takes a short text');
  // What repeats a repetition can take a lifetime on one value.
  if (/[*+}]\)?[^|(]*\)[*+{]/.test(pattern)) throw wrong('$regex repeats a repetition');
  if (options !== undefined && (typeof options !== 'string' || !/^[imxs]*$/.test(options)))
    throw wrong('$options takes i, m, x and s');
  const regex = regexOf(pattern, options ?? '');
  const fits = (value: Json | undefined) => typeof value === 'string' && regex.test(value.slice(0, regexValueCharsMax));
  return (value) => (Array.isArray(value) ? value.some(fits) : fits(value));
}

function regexOf(pattern: string, options: string): RegExp {
  try {
    return new RegExp(unquoted(pattern), options.replace('x', ''));
  } catch {
    throw wrong('$regex is no regular expression');
  }
}

/** `\Q…\E` is how SDKs quote a text that is to be taken literally. */
const unquoted = (pattern: string): string =>
  pattern.replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_, text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));

/** By the whole name first, then by its dotted path. */
export function valueAt(row: Row, key: string): Json | undefined {
  if (Object.hasOwn(row, key)) return row[key];
  let value: Json | undefined = row;
  for (const part of key.split('.')) {
    if (!isJsonObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function listOf(operator: string, operand: Json): Json[] {
  if (!Array.isArray(operand)) throw wrong(`${operator} takes a list`);
  return operand;
}

export type Order = readonly { readonly key: string; readonly down: boolean }[];

/** `-lm,name`: a comma list, a leading minus for descending. */
export const parseOrder = (text: string): Order =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '-')
    .map((part) => (part.startsWith('-') ? { key: part.slice(1), down: true } : { key: part, down: false }));

/** Rows without the value come first, as nulls do. */
export const byOrder =
  (order: Order) =>
  (a: Row, b: Row): number => {
    for (const { key, down } of order) {
      const [x, y] = [valueAt(a, key), valueAt(b, key)];
      const found =
        x === undefined ? (y === undefined ? 0 : -1) : y === undefined ? 1 : (compare(plain(x), plain(y)) ?? 0);
      if (found !== 0) return down ? -found : found;
    }
    return 0;
  };

const wrong = (message: string): ImError =>
  new ImError('invalid-argument', message, { what: 'where', why: 'syntax', purpose: 'list' });
