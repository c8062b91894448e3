// What the planner is told of the tables. Told nothing, it takes an app for ten rows and walks through all of an app's
// messages to find a hundred by their numbers. What is told holds for every installation that is large enough for it to
// matter: one app has nearly all, and each further column leaves little. Measuring (`analyze`) would read the whole file,
// and on a young one find the opposite.
import type { DatabaseSync } from 'node:sqlite';

const rows = 1_000_000;
/** A partial index is made because few rows are in it. */
const partialRows = 10_000;
/** Columns that tell few rows apart. */
const broad = new Set(['app', 'kind', 'subject', 'lane', 'home']);

type Index = { readonly tbl: string; readonly name: string; readonly partial: number; readonly isUnique: number };

/** Whether it was told already, of every index there is. */
export function knowsTables(db: DatabaseSync): boolean {
  const told = db.prepare("select 1 from sqlite_schema where name = 'sqlite_stat1'").get();
  if (!told) return false;
  const { count } = db.prepare('select count(*) as count from sqlite_stat1').get() as { count: number };
  return count === indexesOf(db).length;
}

/** Within a transaction. */
export function tellOfTables(db: DatabaseSync): void {
  // The one way to make the table; nothing large is read.
  db.exec('analyze migrations; delete from sqlite_stat1');
  const insert = db.prepare('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)');
  for (const index of indexesOf(db)) insert.run(index.tbl, index.name, expected(db, index));
  // Read anew by this connection; others read it when they open the file.
  db.exec('analyze sqlite_schema');
}

/** Primary keys of tables without row numbers too: they go by the name of the table. */
const indexesOf = (db: DatabaseSync): Index[] =>
  db
    .prepare(
      `select t.name as tbl, case when i.origin = 'pk' and t.wr then t.name else i.name end as name, i.partial, i."unique" as isUnique
       from pragma_table_list t join pragma_index_list(t.name) i
       where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite%' order by 1, 2`,
    )
    .all() as Index[];

/** Rows in all, then how many share the first column, the first two, and so on. */
function expected(db: DatabaseSync, { tbl, name, partial, isUnique }: Index): string {
  const columns = db
    .prepare('select name from pragma_index_info(?) order by seqno')
    .all(name === tbl ? primaryKeyOf(db, tbl) : name) as { name: string }[];
  let left = partial ? partialRows : rows;
  const stat = [left];
  for (const column of columns) {
    if (!broad.has(column.name)) left = Math.max(1, left / 1_000);
    stat.push(left);
  }
  if (isUnique) stat.splice(-1, 1, 1);
  return `${stat.join(' ')} noskipscan`;
}

function primaryKeyOf(db: DatabaseSync, table: string): string {
  const { name } = db.prepare("select name from pragma_index_list(?) where origin = 'pk'").get(table) as {
    name: string;
  };
  return name;
}
