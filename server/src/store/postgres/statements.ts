// Shared SQL as PostgreSQL takes it: `?` becomes `$1`, texts that come often are prepared under a short name, and what
// its text cannot hold is put otherwise.
import type { Bind } from '../sql/db.ts';

export type Statement = { readonly name?: string; readonly text: string; readonly values: Bind[] };

/** A connection remembers what it has prepared: so many texts, and none with a long list, which are many and rare. */
const namedMax = 1_000;
const namedValuesMax = 64;
const knownMax = 4_000;
/** Of one text with different limits. */
const variantsMax = 8;

type Known = {
  readonly parts: readonly string[];
  readonly bounds: readonly boolean[];
  readonly names: Map<string, string>;
};
const known = new Map<string, Known>();
let named = 0;

/** No statement of ours has a `?` in a literal, nor a comment. `bounds`: which of the values say how many rows. */
function know(sql: string): Known {
  const parts = sql.split('?');
  const bounds = parts.slice(0, -1).map((part) => /\b(limit|offset) $/.test(part));
  const found = { parts, bounds, names: new Map<string, string>() };
  if (known.size < knownMax) known.set(sql, found);
  return found;
}

/** NUL has no place in its text; JSON writes it as an escape, and what is left of it shows as its picture. */
export const textOf = (value: string): string => (value.includes('\0') ? value.replaceAll('\0', '\u2400') : value);

/**
 * How many rows are wanted stands in the text: a plan that is kept for any number would rather sort a whole conversation
 * than walk its index to the tenth row.
 */
export function statement(sql: string, values: readonly Bind[]): Statement {
  const { parts, bounds, names } = known.get(sql) ?? know(sql);
  const bound: Bind[] = [];
  const counts: number[] = [];
  let text = parts[0] ?? '';
  for (const [n, value] of values.entries()) {
    if (bounds[n] && Number.isSafeInteger(value)) {
      counts.push(value as number);
      text += `${value}${parts[n + 1]}`;
    } else {
      bound.push(typeof value === 'string' ? textOf(value) : value);
      text += `$${bound.length}${parts[n + 1]}`;
    }
  }
  const variant = counts.join();
  let name = names.get(variant);
  if (name === undefined && names.size < variantsMax && named < namedMax && bound.length <= namedValuesMax) {
    name = `h${++named}`;
    names.set(variant, name);
  }
  return name === undefined ? { text, values: bound } : { name, text, values: bound };
}
