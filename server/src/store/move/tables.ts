// What there is to move: the tables of an embedded store, as the file itself describes them.
import type { DatabaseSync } from 'node:sqlite';

export type Value = string | number | null;
export type Row = readonly Value[];

export type Table = {
  readonly name: string;
  readonly columns: readonly string[];
  /** Places in `columns` of what the primary key consists of. */
  readonly key: readonly number[];
};

/** Everything but the bookkeeping of the store itself: numbers that were given last are taken over on their own. */
const bookkeeping = new Set(['migrations', 'counters']);

export function tablesOf(db: DatabaseSync): Table[] {
  const names = db.prepare("select name from sqlite_schema where type = 'table' order by name").all() as {
    name: string;
  }[];
  return names
    .filter(({ name }) => !bookkeeping.has(name) && !name.startsWith('sqlite_'))
    .map(({ name }) => describe(db, name));
}

function describe(db: DatabaseSync, name: string): Table {
  const columns = db.prepare('select name, pk from pragma_table_info(?) order by cid').all(name) as {
    name: string;
    pk: number;
  }[];
  const key = columns
    .map(({ pk }, place) => ({ pk, place }))
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ place }) => place);
  if (key.length === 0) throw new Error(`the table ${name} has no primary key`);
  return { name, columns: columns.map((column) => column.name), key };
}

export const keyOf = (table: Table, row: Row): Value[] => table.key.map((place) => row[place] as Value);

const quoted = (name: string): string => `"${name}"`;
const keyNames = (table: Table): string => table.key.map((place) => quoted(table.columns[place] as string)).join(', ');

/** The next rows in the order of the key; `after` is the key of the last one seen. */
export function pageSql(table: Table, after: boolean, value: (n: number) => string, limit: number): string {
  const names = table.columns.map(quoted).join(', ');
  const from = after ? `where (${keyNames(table)}) > (${table.key.map((_, n) => value(n)).join(', ')})` : '';
  return `select ${names} from ${quoted(table.name)} ${from} order by ${keyNames(table)} limit ${limit}`;
}

/** Pages of a table as it stands in the file. */
export function* pagesOf(db: DatabaseSync, table: Table, after: Row | null, rows: number): Generator<Row[]> {
  const first = db.prepare(pageSql(table, false, () => '?', rows));
  const next = db.prepare(pageSql(table, true, () => '?', rows));
  first.setReturnArrays(true);
  next.setReturnArrays(true);
  for (let cursor = after; ; ) {
    const page = (cursor === null ? first.all() : next.all(...cursor)) as unknown as Row[];
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < rows) return;
    cursor = keyOf(table, last);
  }
}
