// Values as LeanCloud's exports and REST answers have them.
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';

/** A plain ISO text, a `Date` object, or (from backups) milliseconds. undefined: no time. */
export function timeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(value) : undefined;
  const text = isJsonObject(value) ? (value.iso ?? value.$date) : value;
  if (typeof text === 'number') return Math.round(text);
  if (typeof text !== 'string') return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const idBytesMax = 128;

/** Ids become keys: no control characters, no broken characters, not a visitor's mark, and not too long. */
export const isId = (value: Json | undefined): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  !value.startsWith(':') &&
  !value.includes('\0') &&
  value.isWellFormed() &&
  Buffer.byteLength(value) <= idBytesMax;

export type Ids = { readonly ids: string[]; readonly odd: string[] };

/** Distinct ids in their order, and those that cannot be one. */
export function idsOf(value: Json | undefined): Ids {
  const ids = new Set<string>();
  const odd: string[] = [];
  for (const one of Array.isArray(value) ? value : []) {
    if (isId(one)) ids.add(one);
    else odd.push(shown(one));
  }
  return { ids: [...ids], odd };
}

/** Anything as a short text that can be written down. */
export const shown = (value: Json | undefined): string =>
  (typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value ?? null)).slice(0, 120);

/** Text that goes into a column of its own: what no database takes is replaced. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

export const without = (row: JsonObject, names: ReadonlySet<string>): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));
