import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldStep } from './conversation.ts';
import { applySteps, type FreeFacts } from './steps.ts';

type Step = FieldStep extends infer S ? (S extends unknown ? Omit<S, 'in'> : never) : never;

const run = (columns: FreeFacts['columns'], ...steps: Step[]) =>
  applySteps(
    { attributes: {}, columns },
    steps.map((step) => ({ in: 'columns', ...step }) as FieldStep),
  ).columns;

test('[CORE-217] each step does what it says, and an absent value begins empty', () => {
  const path = ['a', 'b'];
  assert.deepEqual(run({}, { path, do: 'set', value: [1] }), { a: { b: [1] } });
  assert.deepEqual(run({ a: { b: 1, c: 2 } }, { path, do: 'unset' }), { a: { c: 2 } });
  assert.deepEqual(run({}, { path, do: 'unset' }), {}, 'taking away makes nothing');
  assert.deepEqual(run({}, { path, do: 'add', values: [1, 1] }), { a: { b: [1, 1] } });
  assert.deepEqual(run({ a: { b: [{ x: 1 }] } }, { path, do: 'add-unique', values: [{ x: 1 }, 2, 2] }), {
    a: { b: [{ x: 1 }, 2] },
  });
  assert.deepEqual(run({ a: { b: [1, { x: 1 }, 1] } }, { path, do: 'remove', values: [1, { x: 2 }] }), {
    a: { b: [{ x: 1 }] },
  });
  assert.deepEqual(run({}, { path, do: 'increment', by: -2 }), { a: { b: -2 } });
  assert.deepEqual(run({ a: { b: 6 } }, { path, do: 'bit-and', by: 3 }), { a: { b: 2 } });
  assert.deepEqual(run({ a: { b: 6 } }, { path, do: 'bit-or', by: 1 }), { a: { b: 7 } });
  assert.deepEqual(run({ a: { b: 6 } }, { path, do: 'bit-xor', by: 2 }), { a: { b: 4 } });
});

test('[CORE-217] a step that does not fit is refused, and what was given stays as it was', () => {
  const wrong: [FreeFacts['columns'], Step][] = [
    [{ a: 'text' }, { path: ['a'], do: 'increment', by: 1 }],
    [{ a: 1 }, { path: ['a'], do: 'add', values: [1] }],
    [{ a: [] }, { path: ['a', 'b'], do: 'set', value: 1 }],
    [{}, { path: [''], do: 'set', value: 1 }],
    [{}, { path: [], do: 'set', value: 1 }],
  ];
  for (const [columns, step] of wrong) {
    const before = structuredClone(columns);
    assert.throws(() => run(columns, { path: ['z'], do: 'set', value: 1 }, step), { code: 'invalid-argument' });
    assert.deepEqual(columns, before);
  }
});

test('[CORE-217] a name of an object’s own machinery is a name like any other', () => {
  const columns = run({}, { path: ['__proto__', 'polluted'], do: 'set', value: true });
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.deepEqual(Object.keys(columns), ['__proto__']);
});
