import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emitter } from '../src/emitter.ts';

test('a listener that throws disturbs nobody, and its error is not swallowed', (t) => {
  const { on, emit } = emitter<{ tick: number }>();
  const heard: number[] = [];
  const later: (() => void)[] = [];
  t.mock.method(globalThis, 'setTimeout', (go: () => void) => later.push(go));
  on('tick', () => {
    throw new Error('mine');
  });
  const off = on('tick', (n) => heard.push(n));
  on('tick', (n) => heard.push(-n));
  emit('tick', 1);
  off();
  emit('tick', 2);
  assert.deepEqual(heard, [1, -1, -2]);
  assert.throws(() => later[0]?.(), /mine/);
});
