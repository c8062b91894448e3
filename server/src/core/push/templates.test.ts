import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filled, readTemplates, templateOf } from './templates.ts';

test('[CORE-142] the nearest language wins, then the app’s default, then our own words', () => {
  const own = readTemplates({
    default: { image: 'A picture' },
    'zh-TW': { image: '一張圖片' },
    zh: { image: '一张图片', text: '{text}！' },
  });
  const image = (language: string | null) => templateOf(own, 'image', language);
  assert.deepEqual(['zh-TW', 'zh_tw', 'zh-Hant-HK', 'ZH', 'de', null].map(image), [
    '一張圖片',
    '一張圖片',
    '一张图片',
    '一张图片',
    'A picture',
    'A picture',
  ]);
  assert.deepEqual([templateOf(own, 'audio', 'zh-CN'), templateOf(own, 'audio', 'de')], ['[语音]', '[audio]']);
  assert.deepEqual([templateOf(null, 'text', null), templateOf(null, 'title', 'zh')], ['{text}', undefined]);
});

test('[CORE-142] placeholders are filled once; what is said is never read as a template', () => {
  assert.equal(
    filled('{sender}: {text} ({group}) {other}', { sender: 'Ann', text: '{sender} $& {text}' }),
    'Ann: {sender} $& {text} () {other}',
  );
});

test('[CORE-152] templates that could not be used are refused when they are set', () => {
  for (const [value, sentence] of [
    ['x', /an object of languages/],
    [{ '!': {} }, /languages such as/],
    [{ en: 'x' }, /for each language/],
    [{ en: { picture: 'x' } }, /not picture/],
    [{ en: { text: 'x'.repeat(501) } }, /500 characters/],
  ] as const)
    assert.throws(() => readTemplates(value), sentence);
});
