// Which rows a search looks at, so that neither many users nor many hits make one statement long.
import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../../core/limits.ts';
import type { Search, SortKey } from '../../core/search.ts';
import type { Bind, Db } from './db.ts';
import type { FacetSubject } from './facets.ts';

export type Filter = Search['filters'][number];
export type Key = { id: string; ts: number };
type Part = { sql: string; values: Bind[] };
/** `ts` means (ts, id): ties go by id. */
export type IndexOrder = { by: 'ts' | 'id'; descending: boolean; idDescending: boolean };

const tableOf = (subject: FacetSubject) => (subject === 'user' ? 'users' : 'conversations');
const tsOf = (subject: FacetSubject) => (subject === 'user' ? 'seen_at' : 'created_at');

const own = (app: number, subject: FacetSubject): Part =>
  subject === 'user'
    ? { sql: 's.app = ?', values: [app] }
    : { sql: 's.app = ? and s.kind = ? and s.deleted_at is null', values: [app, subject] };

const joined = (parts: readonly Part[]): Part => ({
  sql: parts.map((part) => part.sql).join(' and '),
  values: parts.flatMap((part) => part.values),
});

const facetExists = (subject: FacetSubject, filter: Filter): Part => ({
  // The `limit` keeps this a look-up for each row instead of a join of its own.
  sql: 'exists (select 1 from facets f where f.app = s.app and f.subject = ? and f.name = ? and f.value = ? and f.id = s.id limit 1)',
  values: [subject, filter.name, filter.value],
});

/**
 * `from … where …` over the rows that pass every filter. A filter with few hits leads when there is one; `many`: there
 * are filters, and each has more hits than limits.queryScanMax.
 */
export async function narrow(
  db: Db,
  app: number,
  subject: FacetSubject,
  filters: readonly Filter[],
): Promise<Part & { ts: string; lead: 'none' | 'few' | 'many' }> {
  const lead = await mostSelective(db, app, subject, filters);
  const rest = filters.filter((filter) => filter !== lead).map((filter) => facetExists(subject, filter));
  const where = joined([own(app, subject), ...rest]);
  const table = tableOf(subject);
  const ts = tsOf(subject);
  if (!lead) {
    return {
      sql: `from ${table} s where ${where.sql}`,
      values: where.values,
      ts,
      lead: filters.length === 0 ? 'none' : 'many',
    };
  }
  return {
    // A cross join, because SQLite then keeps this order of the two.
    sql: `from facets d cross join ${table} s where d.app = ? and d.subject = ? and d.name = ? and d.value = ? and s.app = d.app and s.id = d.id and ${where.sql}`,
    values: [app, subject, lead.name, lead.value, ...where.values],
    ts,
    lead: 'few',
  };
}

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
      'select count(*) as hits from (select 1 from facets where app = ? and subject = ? and name = ? and value = ? limit ?) as hits',
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

/** The order as an index has it, or undefined. */
export function indexOrder(sort: readonly SortKey[]): IndexOrder | undefined {
  const [first] = sort;
  if (!first) return { by: 'ts', descending: false, idDescending: false };
  if (first.name === 'id') return { by: 'id', descending: first.descending, idDescending: first.descending };
  if (first.name !== 'ts') return undefined;
  const second = sort.find((key) => key.name !== 'ts');
  if (second && second.name !== 'id') return undefined;
  return { by: 'ts', descending: first.descending, idDescending: second?.descending ?? false };
}

const direction = (descending: boolean) => (descending ? 'desc' : 'asc');

export function orderBy(order: IndexOrder, subject: FacetSubject): string {
  const byId = `s.id ${direction(order.idDescending)}`;
  return order.by === 'id' ? byId : `s.${tsOf(subject)} ${direction(order.descending)}, ${byId}`;
}

/** Rows behind `last` in this order. */
function behind(order: IndexOrder, subject: FacetSubject, last: Key): Part {
  const idSign = order.idDescending ? '<' : '>';
  if (order.by === 'id') return { sql: `s.id ${idSign} ?`, values: [last.id] };
  const sign = order.descending ? '<' : '>';
  const ts = `s.${tsOf(subject)}`;
  return { sql: `${ts} ${sign}= ? and (${ts} ${sign} ? or s.id ${idSign} ?)`, values: [last.ts, last.ts, last.id] };
}

/** Rows one statement of a scan looks at: some ten milliseconds. */
const sliceRows = 4_000;

/**
 * For filters that all have many hits: walks along the order and looks each row up, in slices, so that others are served
 * in between. A row that moves while the scan goes on is shown once at most.
 */
export async function scan(
  db: Db,
  app: number,
  subject: FacetSubject,
  filters: readonly Filter[],
  order: IndexOrder,
  skip: number,
  limit: number,
): Promise<string[]> {
  const test = joined(filters.map((filter) => facetExists(subject, filter)));
  const found = new Set<string>();
  let last: Key | undefined;
  while (found.size < skip + limit) {
    const where = joined(last ? [own(app, subject), behind(order, subject, last)] : [own(app, subject)]);
    const rows = await db.all<Key & { hit: number }>(
      `select s.id, s.${tsOf(subject)} as ts, case when ${test.sql} then 1 else 0 end as hit
       from ${tableOf(subject)} s where ${where.sql} order by ${orderBy(order, subject)} limit ?`,
      ...test.values,
      ...where.values,
      sliceRows,
    );
    for (const row of rows) if (row.hit === 1) found.add(row.id);
    if (rows.length < sliceRows) break;
    last = rows.at(-1);
    await turn();
  }
  return [...found].slice(skip, skip + limit);
}
