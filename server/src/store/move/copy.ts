// The rows of an embedded store into an empty PostgreSQL, a page at a time. How far it came is kept with the rows, in one
// transaction, so that a move that was interrupted goes on where it stopped.
import type { DatabaseSync } from 'node:sqlite';
import type { Connection, Pool } from '../postgres/pool.ts';
import { onConnection } from '../postgres/reads.ts';
import { textOf } from '../postgres/statements.ts';
import { keyOf, pagesOf, type Row, type Table, type Value } from './tables.ts';

/** Rows of one statement: some megabytes at most, a message being a few hundred bytes. */
const rowsPerPage = 2_000;

export type Told = (table: string, rows: number) => void;

/** Makes sure that the database takes a move: an empty one, or one that such a move has begun. */
export async function openMove(pool: Pool, tables: readonly Table[]): Promise<void> {
  await onConnection(pool, async (connection) => {
    const { rows } = await connection.query<{ known: string | null }>("select to_regclass('moving')::text as known");
    if (rows[0]?.known) return;
    for (const { name } of tables) {
      const { rowCount } = await connection.query(`select 1 from "${name}" limit 1`);
      if (rowCount) throw new NotEmpty(name);
    }
    await connection.query(
      'create table moving (name text primary key, cursor text, copied bigint not null, done boolean not null)',
    );
  });
}

export class NotEmpty extends Error {
  override readonly name = 'NotEmpty';
}

/** Copies what is not there yet. Answers how many rows this run has copied. */
export async function copyTable(db: DatabaseSync, pool: Pool, table: Table, told: Told): Promise<number> {
  return onConnection(pool, async (connection) => {
    const state = await stateOf(connection, table.name);
    if (state.done) return 0;
    const sql = await insertSql(connection, table);
    let copied = 0;
    let total = state.copied;
    for (const page of pagesOf(db, table, state.cursor, rowsPerPage)) {
      total += page.length;
      const cursor = JSON.stringify(keyOf(table, page.at(-1) as Row));
      await together(connection, async () => {
        await connection.query(sql, columnsOf(table, page));
        await keep(connection, table.name, cursor, total, false);
      });
      copied += page.length;
      told(table.name, total);
    }
    await keep(connection, table.name, null, total, true);
    return copied;
  });
}

async function together(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.query('begin');
  try {
    await work();
    await connection.query('commit');
  } catch (error) {
    await connection.query('rollback').catch(() => {});
    throw error;
  }
}

type State = { cursor: Value[] | null; copied: number; done: boolean };

async function stateOf(connection: Connection, name: string): Promise<State> {
  const { rows } = await connection.query<{ cursor: string | null; copied: number; done: boolean }>(
    'select cursor, copied, done from moving where name = $1',
    [name],
  );
  const [row] = rows;
  return row
    ? { ...row, cursor: row.cursor === null ? null : JSON.parse(row.cursor) }
    : { cursor: null, copied: 0, done: false };
}

async function keep(connection: Connection, name: string, cursor: string | null, copied: number, done: boolean) {
  await connection.query(
    `insert into moving (name, cursor, copied, done) values ($1, $2, $3, $4)
     on conflict (name) do update set cursor = excluded.cursor, copied = excluded.copied, done = excluded.done`,
    [name, cursor, copied, done],
  );
}

/** One array a column, of the column's own type. */
async function insertSql(connection: Connection, table: Table): Promise<string> {
  const { rows } = await connection.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [`"${table.name}"`],
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  const lists = table.columns.map((column, n) => {
    const type = types.get(column);
    if (type === undefined) throw new Error(`the database has no column ${table.name}.${column}`);
    return `$${n + 1}::${type}[]`;
  });
  const names = table.columns.map((column) => `"${column}"`).join(', ');
  return `insert into "${table.name}" (${names}) select * from unnest(${lists.join(', ')})`;
}

const columnsOf = (table: Table, page: readonly Row[]): Value[][] =>
  table.columns.map((_, place) => page.map((row) => portable(row[place] as Value)));

/** As PostgreSQL keeps it. */
export const portable = (value: Value): Value => (typeof value === 'string' ? textOf(value).toWellFormed() : value);

/** Numbers that were given last: none of them is given again. */
export async function copyCounters(db: DatabaseSync, pool: Pool): Promise<void> {
  const counters = db.prepare('select name, value from counters').all() as { name: string; value: number }[];
  await onConnection(pool, async (connection) => {
    for (const { name, value } of counters)
      await connection.query('select setval($1::regclass, greatest($2::bigint, 1), $2::bigint > 0)', [
        `no_${name}`,
        value,
      ]);
  });
}

/** From here on a server may use it. */
export const closeMove = (pool: Pool): Promise<void> =>
  onConnection(pool, async (connection) => {
    await connection.query('analyze');
    await connection.query('drop table moving');
  });
