import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ImError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import { parseJson } from './json.ts';

const refused = (text: string): void =>
  assert.throws(
    () => parseJson(text),
    (error) => error instanceof ImError && error.code === 'invalid-argument' && error.details.why === 'syntax',
    text.slice(0, 60),
  );

it('reads what JSON is, with or without a byte order mark', () => {
  for (const value of [null, true, 0, -1.5, 'text', [], {}, { a: [1, { b: '}][{' }], '"\\"': 'x' }]) {
    assert.deepEqual(parseJson(JSON.stringify(value)), value);
    assert.deepEqual(parseJson(`\ufeff${JSON.stringify(value)}`), value);
  }
});

it('refuses what JSON is not', () => {
  for (const text of ['', ' ', '{', '}', '{a:1}', "{'a':1}", '[1,]', 'undefined', 'NaN', '"', '{"a":1}x'])
    refused(text);
});

it('refuses nesting beyond the limit, however deep, and counts no brackets inside strings', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  parseJson(nested(limits.jsonDepthMax));
  refused(nested(limits.jsonDepthMax + 1));
  refused(nested(400_000));
  refused('{"a":'.repeat(400_000));
  parseJson(JSON.stringify('['.repeat(1000)));
  parseJson(JSON.stringify({ a: '\\"[[[['.repeat(100) }));
});

it('refuses keys that reach into prototypes, also when they are written with escapes', () => {
  refused('{"__proto__":{"admin":true}}');
  refused('{"a":[{"__proto__":1}]}');
  refused('{"\\u005f_proto__":1}');
  refused('{"__pr\\u006fto__":1}');
  assert.deepEqual(parseJson('{"a":"__proto__"}'), { a: '__proto__' });
  assert.deepEqual(parseJson('["\\u005f_proto__"]'), ['__proto__']);
});
