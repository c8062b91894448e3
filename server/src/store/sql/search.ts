// Searches over users, groups and rooms. Filters are answered from the facets, exactly, whatever their number. Orders by
// `ts` and `id` follow an index; every other order is made here over a bounded number of rows.
import { ImError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Search, SortKey } from '../../core/search.ts';
import { type Db, list, pieces } from './db.ts';
import { type FacetSubject, searchable } from './facets.ts';
import { type Filter, indexOrder, type Key, narrow, orderBy, scan } from './search-rows.ts';

/** Ids of what was found, in order. Throws `too-large` (what: search) when too many rows would have to be sorted here. */
export async function findIds(db: Db, app: number, subject: FacetSubject, search: Search): Promise<string[]> {
  const filters = distinct(search.filters);
  // Longer values and names that begin with `_` are stored, not indexed: nothing is known to equal them.
  if (filters.some((filter) => filter.value.length > limits.facetCharsMax || filter.name.startsWith('_'))) return [];
  const limit = Math.min(search.limit, limits.pageMax);
  const rows = await narrow(db, app, subject, filters);
  const order = indexOrder(search.sort);
  if (order && rows.lead === 'many') return scan(db, app, subject, filters, order, search.skip, limit);
  if (order) {
    const found = await db.all<{ id: string }>(
      `select s.id ${rows.sql} order by ${orderBy(order, subject)} limit ? offset ?`,
      ...rows.values,
      limit,
      search.skip,
    );
    return found.map((row) => row.id);
  }
  const keys = await db.all<Key>(
    `select s.id, s.${rows.ts} as ts ${rows.sql} order by s.${rows.ts}, s.id limit ?`,
    ...rows.values,
    limits.queryScanMax + 1,
  );
  if (keys.length > limits.queryScanMax) {
    throw new ImError('too-large', `this order needs a search that finds at most ${limits.queryScanMax}`, {
      what: 'search',
      max: limits.queryScanMax,
    });
  }
  const sorted = await sortKeys(db, app, subject, keys, search.sort);
  return sorted.slice(search.skip, search.skip + limit);
}

const distinct = (filters: readonly Filter[]): Filter[] => [
  ...new Map(filters.map((filter) => [JSON.stringify([filter.name, filter.value]), filter])).values(),
];

type SortRow = { id: string; attributes: string; owner: string | null; name: string | null };

/** Ids in the order asked for. Attributes are read in pieces and only the values that are compared are kept. */
async function sortKeys(
  db: Db,
  app: number,
  subject: FacetSubject,
  keys: readonly Key[],
  sort: readonly SortKey[],
): Promise<string[]> {
  const top = subject === 'user' ? 'null as owner, null as name' : 'owner, name';
  const table = subject === 'user' ? 'users' : 'conversations';
  const values = new Map<string, (Json | undefined)[]>();
  const ts = new Map(keys.map((key) => [key.id, key.ts]));
  for (const piece of pieces(keys.map((key) => key.id))) {
    const some = list(piece);
    const rows = await db.all<SortRow>(
      `select id, attributes, ${top} from ${table} where app = ? and id in ${some.sql}`,
      app,
      ...some.values,
    );
    for (const row of rows) {
      const attributes = searchable(row.name, JSON.parse(row.attributes) as JsonObject);
      values.set(
        row.id,
        sort.map(({ name }) => sortValue(subject, name, row, ts.get(row.id) ?? 0, attributes)),
      );
    }
  }
  // Keys came in the order of ties, and sorting is stable.
  return keys
    .filter((key) => values.has(key.id))
    .sort((a, b) => compareAll(values.get(a.id) ?? [], values.get(b.id) ?? [], sort))
    .map((key) => key.id);
}

function sortValue(
  subject: FacetSubject,
  name: string,
  row: SortRow,
  ts: number,
  attributes: JsonObject,
): Json | undefined {
  if (name === 'id') return row.id;
  if (name === 'ts') return ts;
  if (name === 'owner' && subject !== 'user') return row.owner ?? undefined;
  return Object.hasOwn(attributes, name) ? (attributes[name] ?? undefined) : undefined;
}

function compareAll(
  a: readonly (Json | undefined)[],
  b: readonly (Json | undefined)[],
  sort: readonly SortKey[],
): number {
  for (const [n, key] of sort.entries()) {
    const order = compare(a[n], b[n]);
    if (order !== 0) return key.descending ? -order : order;
  }
  return 0;
}

/** Numbers as numbers when both are, else as strings; what is missing comes first. */
function compare(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = typeof a === 'string' ? a : JSON.stringify(a);
  const right = typeof b === 'string' ? b : JSON.stringify(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
