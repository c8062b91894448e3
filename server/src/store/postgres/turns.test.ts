import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTurns } from './turns.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('[CORE-306] writes of one node that want the same come one after the other, in their order; others pass', async () => {
  const turns = openTurns();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, shared: string[], exclusive: string[]) =>
    turns({ shared, exclusive }, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const all = [
    start('a reads x', ['x'], []),
    start('b reads x', ['x'], []),
    start('c has x', [], ['x']),
    start('d reads x', ['x'], []),
    start('e has y', ['z'], ['y']),
    start('f has x and y', [], ['x', 'y']),
    start('g has y', [], ['y']),
  ];
  const end = async (name: string) => {
    ends.get(name)?.();
    await turn();
  };
  await turn();
  assert.deepEqual(begun, ['a reads x', 'b reads x', 'e has y']);
  await end('a reads x');
  await end('e has y');
  assert.equal(begun.length, 3);
  await end('b reads x');
  assert.deepEqual(begun.slice(3), ['c has x']);
  await end('c has x');
  assert.deepEqual(begun.slice(4), ['d reads x']);
  await end('d reads x');
  assert.deepEqual(begun.slice(5), ['f has x and y']);
  await end('f has x and y');
  assert.deepEqual(begun.slice(6), ['g has y']);
  await end('g has y');
  await Promise.all(all);
});

test('[CORE-306] what fails makes room all the same', async () => {
  const turns = openTurns();
  const keys = { shared: [], exclusive: ['x'] };
  const failing = turns(keys, () => Promise.reject(new Error('no')));
  const next = turns(keys, async () => 'yes');
  await assert.rejects(failing, /no/);
  assert.equal(await next, 'yes');
});
