// Which columns of a row a caller sees.
import type { JsonObject } from '../../../core/json.ts';
import type { Row } from '../where.ts';
import { listOf } from './params.ts';

const always = ['objectId', 'createdAt', 'updatedAt'];

/** `keys` names the columns that are wanted, or with a hyphen those that are not. */
export function chosen(row: Row, params: JsonObject): Row {
  const keys = listOf(params, 'keys') ?? [];
  if (keys.length === 0) return row;
  const not = new Set(keys.filter((key) => key.startsWith('-')).map((key) => key.slice(1)));
  const wanted = new Set(keys.filter((key) => !key.startsWith('-')).map((key) => key.split('.')[0]));
  return Object.fromEntries(
    Object.entries(row).filter(
      ([key]) => always.includes(key) || (!not.has(key) && (wanted.size === 0 || wanted.has(key))),
    ),
  );
}
