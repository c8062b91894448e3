// Searches over users, groups and rooms. Filters are answered from the facets, exactly, whatever their number. Orders by
// `ts` and `id` follow an index; every other order is made here over a bounded number of rows.
import { ImError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Search, SortKey } from '../../core/search.ts';
import type { Bind, Db } from './db.ts';
import { list, pieces } from './db.ts';
import { type FacetSubject, searchable } from './facets.ts';

type Filter = Search['filters'][number];
type Part = { sql: string; values: Bind[] };
type Key = { id: string; ts: number };

/** Ids of what was found, in order. Throws `too-large` (what: search) when too many rows would have to be sorted here. */
export async function findIds(db: Db, app: number, subject: FacetSubject, search: Search): Promise<string[]> {
  const filters = distinct(search.filters);
  // Longer values and names that begin with `_` are stored, not indexed: nothing is known to equal them.
  if (filters.some((filter) => filter.value.length > limits.facetCharsMax || filter.name.startsWith('_'))) return [];
  const limit = Math.min(search.limit, limits.pageMax);
  const from = await source(db, app, subject, filters);
  const order = indexedOrder(search.sort, from.ts);
  if (order) {
    const rows = await db.all<{ id: string }>(
      `select s.id ${from.sql} order by ${order} limit ? offset ?`,
      ...from.values,
      limit,
      search.skip,
    );
    return rows.map((row) => row.id);
  }
  const keys = await db.all<Key>(
    `select s.id, s.${from.ts} as ts ${from.sql} order by s.${from.ts}, s.id limit ?`,
    ...from.values,
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

/** `from … where …` over the rows that pass every filter. A selective filter leads; else the subject's own index does. */
async function source(
  db: Db,
  app: number,
  subject: FacetSubject,
  filters: readonly Filter[],
): Promise<Part & { ts: string }> {
  const table = subject === 'user' ? 'users' : 'conversations';
  const ts = subject === 'user' ? 'seen_at' : 'created_at';
  const own: Part =
    subject === 'user'
      ? { sql: 's.app = ?', values: [app] }
      : { sql: 's.app = ? and s.kind = ? and s.deleted_at is null', values: [app, subject] };
  const lead = await mostSelective(db, app, subject, filters);
  const rest = filters.filter((filter) => filter !== lead).map((filter) => facetExists(subject, filter));
  const where: Part = {
    sql: [own, ...rest].map((part) => part.sql).join(' and '),
    values: [own, ...rest].flatMap((part) => part.values),
  };
  if (!lead) return { sql: `from ${table} s where ${where.sql}`, values: where.values, ts };
  return {
    // A cross join, because SQLite then keeps this order of the two.
    sql: `from facets d cross join ${table} s where d.app = ? and d.subject = ? and d.name = ? and d.value = ? and s.app = d.app and s.id = d.id and ${where.sql}`,
    values: [app, subject, lead.name, lead.value, ...where.values],
    ts,
  };
}

const facetExists = (subject: FacetSubject, filter: Filter): Part => ({
  // The `limit` keeps this a look-up for each row instead of a join of its own.
  sql: 'exists (select 1 from facets f where f.app = s.app and f.subject = ? and f.name = ? and f.value = ? and f.id = s.id limit 1)',
  values: [subject, filter.name, filter.value],
});

/** The filter with the fewest hits, if it has few; counting stops soon. */
async function mostSelective(
  db: Db,
  app: number,
  subject: FacetSubject,
  filters: readonly Filter[],
): Promise<Filter | undefined> {
  let best: Filter | undefined;
  let bestHits: number = limits.queryScanMax;
  for (const filter of filters) {
    const row = await db.one<{ hits: number }>(
      'select count(*) as hits from (select 1 from facets where app = ? and subject = ? and name = ? and value = ? limit ?) as some',
      app,
      subject,
      filter.name,
      filter.value,
      bestHits,
    );
    if (row && row.hits < bestHits) {
      best = filter;
      bestHits = row.hits;
      if (bestHits === 0) break;
    }
  }
  return best;
}

function indexedOrder(sort: readonly SortKey[], ts: string): string | undefined {
  const [first] = sort;
  if (!first) return `s.${ts}, s.id`;
  const direction = first.descending ? 'desc' : 'asc';
  if (first.name === 'id') return `s.id ${direction}`;
  if (first.name !== 'ts') return undefined;
  const second = sort.find((key) => key.name !== 'ts');
  if (second && second.name !== 'id') return undefined;
  return `s.${ts} ${direction}, s.id ${second?.descending ? 'desc' : 'asc'}`;
}

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
