import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../sql/db.ts';
import { alone, appendKeys, keysOf, type Locks } from './keys.ts';
import { locksOf } from './locks.ts';

const nobody = {} as Db;
const of = async (slice: string, call: string, ...args: unknown[]) =>
  keysOf((await locksOf(nobody, slice, call, args)) as Locks);

test('[CORE-309] locks are taken in one order: the store, the app, the rest sorted; a long list takes the app', async () => {
  const one = await of('users', 'ensure', 7, ['b', 'a', 'b'], 1);
  const two = await of('users', 'ensure', 7, ['a', 'b'], 1);
  assert.deepEqual(one, two);
  assert.deepEqual(one.exclusive, one.exclusive.toSorted());
  assert.deepEqual([one.shared.length, one.exclusive.length], [2, 2]);
  const [store, app] = one.shared;
  const many = await of(
    'users',
    'ensure',
    7,
    Array.from({ length: 65 }, (_, n) => `u${n}`),
    1,
  );
  assert.deepEqual(many, { shared: [store], exclusive: [app] });
  assert.deepEqual(await of('words', 'add', 7, ['x'], 9, 1), many);
  assert.deepEqual(alone.exclusive, [store]);
  const appends = appendKeys([8, 7, 8]);
  assert.deepEqual([appends[0], appends.length, appends.includes(app ?? '')], [store, 3, true]);
});

test('[CORE-309] the same name in two apps is two locks, and a call that is not listed has the store alone', async () => {
  const here = await of('messages', 'edit', 7, 1, 2, {});
  const there = await of('messages', 'edit', 8, 1, 2, {});
  assert.notDeepEqual(here.exclusive, there.exclusive);
  assert.equal(await of('conversations', 'expire', 1, 2), alone);
  assert.equal(await of('something', 'new', 7), alone);
});
