import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statement } from './statements.ts';

test('[CORE-307] values are numbered, how many rows are wanted stands in the text, and few texts are prepared', () => {
  const sql = 'select a from t where b = ? and c in (?, ?) order by a limit ? offset ?';
  const first = statement(sql, ['x', 1, null, 10, 0]);
  assert.equal(first.text, 'select a from t where b = $1 and c in ($2, $3) order by a limit 10 offset 0');
  assert.deepEqual(first.values, ['x', 1, null]);
  assert.equal(statement(sql, ['y', 2, 3, 10, 0]).name, first.name, 'the same text is prepared once');
  const names = Array.from({ length: 100 }, (_, n) => statement(sql, ['y', 2, 3, 10, n]).name);
  assert.equal(new Set(names).size, 9, 'eight by name, the others without');
  const long = `select a from t where b in (${Array(100).fill('?').join()})`;
  assert.equal(statement(long, Array(100).fill(1)).name, undefined);
});

test('[CORE-307] what a text of PostgreSQL cannot hold is put otherwise', () => {
  assert.deepEqual(statement('select ?', ['a\0b']).values, ['a\u2400b']);
});
