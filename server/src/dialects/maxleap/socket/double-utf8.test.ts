import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAscii, undouble } from './double-utf8.ts';

const doubled = (text: string): string => Buffer.from(text).toString('latin1');

test('[ML-217] JSON for polling clients is plain ASCII and means the same', () => {
  for (const text of ['plain', '鸿雁', '🪿', 'ß\u2028\u007f\u0080', '"\\n"']) {
    const ascii = toAscii(JSON.stringify([text]));
    assert.match(ascii, /^[ -\u007f]*$/);
    assert.deepEqual(JSON.parse(ascii), [text]);
  }
});

test('[ML-217] text that was encoded twice is repaired, other text stays', () => {
  for (const text of ['鸿雁', 'naïve', '🪿 goose', '["say","雁"]']) {
    assert.equal(undouble(doubled(text)), text);
    assert.equal(undouble(text), text);
  }
  for (const text of ['', 'ascii', 'naïve café', '\u00ff\u00fe', '\u00e9']) assert.equal(undouble(text), text);
});
