import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remembered } from './lru.ts';

const clockAt = (at: { ms: number }) => ({ now: () => at.ms });

test('a value is loaded once and shared by those who ask meanwhile', async () => {
  const remembered = new Remembered<number>(clockAt({ ms: 0 }), 10, 100);
  let loads = 0;
  const load = async () => ++loads;
  assert.deepEqual(await Promise.all([remembered.get('a', load), remembered.get('a', load)]), [1, 1]);
  assert.equal(await remembered.get('a', load), 1);
});

test('a value ages', async () => {
  const at = { ms: 0 };
  const remembered = new Remembered<number>(clockAt(at), 10, 100);
  let loads = 0;
  await remembered.get('a', async () => ++loads);
  at.ms = 99;
  assert.equal(remembered.peek('a'), 1);
  at.ms = 100;
  assert.equal(remembered.peek('a'), undefined);
});

test('what is forgotten while it is being loaded is not remembered', async () => {
  const remembered = new Remembered<string>(clockAt({ ms: 0 }), 10, 100);
  const { promise, resolve } = Promise.withResolvers<string>();
  const asked = remembered.get('a', () => promise);
  remembered.forget('a');
  resolve('old');
  assert.equal(await asked, 'old');
  assert.equal(remembered.peek('a'), undefined);
  assert.equal(await remembered.get('a', async () => 'new'), 'new');
});

test('a failed load is not remembered', async () => {
  const remembered = new Remembered<string>(clockAt({ ms: 0 }), 10, 100);
  const failing = async (): Promise<string> => {
    throw new Error('no');
  };
  await assert.rejects(async () => remembered.get('a', failing));
  assert.equal(await remembered.get('a', async () => 'yes'), 'yes');
});

test('the bound drops what was used longest ago', async () => {
  const remembered = new Remembered<string>(clockAt({ ms: 0 }), 2, 100);
  for (const key of ['a', 'b']) await remembered.get(key, async () => key);
  remembered.peek('a');
  await remembered.get('c', async () => 'c');
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => remembered.peek(key)),
    ['a', undefined, 'c'],
  );
});
