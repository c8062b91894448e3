import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ImError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { byOrder, compileWhere, parseOrder } from './where.ts';

const row: JsonObject = {
  objectId: 'c1',
  name: 'Tom & Jerry',
  m: ['Tom', 'Jerry'],
  attr: { k: 1, deep: { x: true } },
  createdAt: '2026-01-02T00:00:00.000Z',
  lm: { __type: 'Date', iso: '2026-01-03T00:00:00.000Z' },
};
const fits = (where: JsonObject): boolean => compileWhere(where)(row);
const date = (iso: string) => ({ __type: 'Date', iso });

describe('LeanCloud queries', () => {
  it('[LC-86] every operator', () => {
    const yes: JsonObject[] = [
      {},
      { objectId: 'c1', 'attr.k': 1 },
      { m: 'Tom' },
      { m: ['Tom', 'Jerry'] },
      { m: { $all: ['Jerry', 'Tom'], $size: 2 } },
      { m: { $nin: ['Bob'] }, name: { $ne: 'x' } },
      { m: { $in: ['Bob', 'Tom'] } },
      { 'attr.k': { $gt: 0, $lte: 1 }, 'attr.deep.x': true },
      { absent: { $exists: false }, name: { $exists: true } },
      { absent: null },
      { name: { $regex: 'tom.*J', $options: 'i' } },
      { name: { $regex: '\\QTom & Jerry\\E$' } },
      { m: { $regex: '^Je' } },
      { createdAt: { $lt: date('2026-01-02T00:00:00.001Z') } },
      { lm: { $gte: date('2026-01-03T08:00:00.000+08:00') } },
      { $or: [{ name: 'x' }, { $and: [{ m: 'Tom' }, { m: 'Jerry' }] }] },
    ];
    for (const where of yes) assert.equal(fits(where), true, JSON.stringify(where));
    const no: JsonObject[] = [
      { name: 'tom' },
      { m: { $size: 3 } },
      { m: { $all: ['Tom', 'Bob'] } },
      { 'attr.k': '1' },
      { 'attr.k': { $gt: '0' } },
      { name: { $regex: '\\QTom.*\\E' } },
      { absent: { $lt: 5 } },
      { $or: [] },
      { constructor: { $exists: true } },
    ];
    for (const where of no) assert.equal(fits(where), false, JSON.stringify(where));
  });

  it('[LC-86] what is not known, or could take for ever, is refused', () => {
    const bad: JsonObject[] = [
      { a: { $near: 1 } },
      { $nor: [] },
      { a: { $in: 'x' } },
      { a: { $regex: '(' } },
      { a: { $regex: '(a+)+$' } },
      { a: { $regex: 'x'.repeat(600) } },
      { $or: Array.from({ length: 300 }, (_, n) => ({ n })) },
    ];
    for (const where of bad)
      assert.throws(
        () => compileWhere(where),
        (error) => error instanceof ImError && error.details.what === 'where',
      );
  });

  it('[LC-86] orders', () => {
    const rows: JsonObject[] = [{ n: 2, s: 'b' }, { n: 1 }, { s: 'a', n: 2 }];
    const sorted = (order: string) => rows.toSorted(byOrder(parseOrder(order))).map(({ n, s }) => `${n}${s ?? ''}`);
    assert.deepEqual(sorted('n,s'), ['1', '2a', '2b']);
    assert.deepEqual(sorted('-n, -s'), ['2b', '2a', '1']);
  });
});
