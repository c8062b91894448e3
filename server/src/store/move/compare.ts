// Whether both stores hold the same rows: read side by side in the order of their keys, each value compared.
import { createHash, type Hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Pool } from '../postgres/pool.ts';
import { onConnection } from '../postgres/reads.ts';
import { portable } from './copy.ts';
import { keyOf, pageSql, pagesOf, type Row, type Table } from './tables.ts';

const rowsPerPage = 5_000;

export type Comparison = {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over all rows in the order of the key, the same on both sides when `difference` is absent. */
  readonly checksum: string;
  readonly difference?: string;
};

export function compareTable(db: DatabaseSync, pool: Pool, table: Table): Promise<Comparison> {
  return onConnection(pool, async (connection) => {
    const hash = createHash('sha256');
    const [first, next] = [false, true].map((after) => pageSql(table, after, (n) => `$${n + 1}`, rowsPerPage));
    let rows = 0;
    let cursor: Row | null = null;
    const page = async (): Promise<Row[]> => {
      const text = (cursor === null ? first : next) as string;
      return (await connection.query({ text, values: [...(cursor ?? [])], rowMode: 'array' })).rows as Row[];
    };
    for (const source of pagesOf(db, table, null, rowsPerPage)) {
      const difference = differenceOf(table, source, await page(), hash);
      if (difference) return { table: table.name, rows, checksum: '', difference };
      rows += source.length;
      cursor = keyOf(table, (source.at(-1) as Row).map(portable));
    }
    const [extra] = await page();
    if (extra) {
      const difference = `the database has a row more: ${JSON.stringify(keyOf(table, extra))}`;
      return { table: table.name, rows, checksum: '', difference };
    }
    return { table: table.name, rows, checksum: hash.digest('hex') };
  });
}

function differenceOf(table: Table, source: readonly Row[], copy: readonly Row[], hash: Hash): string | undefined {
  for (const [n, row] of source.entries()) {
    const expected = JSON.stringify(row.map(portable));
    hash.update(expected);
    const found = copy[n];
    if (found && JSON.stringify(found) === expected) continue;
    const key = JSON.stringify(keyOf(table, row));
    return found ? `the row ${key} is not the same` : `the row ${key} is missing`;
  }
  return undefined;
}
