import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFrame } from './ws-frame.ts';

test('short, medium and long texts get their three forms of length', () => {
  const head = (bytes: number) => [...textFrame('x'.repeat(bytes)).subarray(0, 10)];
  assert.deepEqual(head(0), [0x81, 0]);
  assert.deepEqual(head(125).slice(0, 3), [0x81, 125, 0x78]);
  assert.deepEqual(head(126).slice(0, 5), [0x81, 126, 0, 126, 0x78]);
  assert.deepEqual(head(65_535).slice(0, 5), [0x81, 126, 255, 255, 0x78]);
  assert.deepEqual(head(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  for (const bytes of [0, 125, 126, 65_535, 65_536]) {
    const frame = textFrame('x'.repeat(bytes));
    assert.equal(frame.length, bytes + (bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10));
    assert.equal(frame.at(-1), bytes === 0 ? 0 : 0x78);
  }
});

test('the text is UTF-8 and its length is counted in bytes', () => {
  for (const text of [
    '',
    'hello',
    '鸿雁 🪿',
    '雁'.repeat(41),
    '雁'.repeat(42),
    '雁'.repeat(21_845),
    '雁'.repeat(21_846),
  ]) {
    const bytes = Buffer.from(text);
    const headBytes = bytes.length < 126 ? 2 : bytes.length < 65_536 ? 4 : 10;
    assert.deepEqual(textFrame(text).subarray(headBytes), bytes);
  }
});
