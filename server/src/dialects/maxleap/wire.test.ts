import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImError } from '../../core/errors.ts';
import type { Content } from '../../core/messages/message.ts';
import { parseSay, parseWords, toContent } from './wire.ts';

const thrown = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ImError);
    return error.code;
  }
  return 'nothing';
};

test('[ML-240] everything a MaxLeap client can say survives the way through the core', () => {
  for (const media of [0, 1, 2, 3, 4, 7, 99, Number.MAX_SAFE_INTEGER]) {
    for (const body of ['hi', 'http://h/a.jpg', '{"a":1}', '阿\u0000\ud83d\ude00']) {
      for (const remark of [undefined, '', 'a note', 'https://h/a.sm.jpg']) {
        const words = { content: { media, body }, ...(remark === undefined ? {} : { remark }) };
        assert.deepEqual(toContent(parseWords(words.content, remark)), words);
      }
    }
  }
});

test('[ML-241] what MaxLeap has no word for becomes text that says what it was', () => {
  const shown = (content: Content) => toContent(content).content;
  assert.deepEqual(shown({ type: 'file', file: { url: 'http://h/f', name: 'plan.pdf' } }), {
    media: 0,
    body: '[file] plan.pdf http://h/f',
  });
  assert.deepEqual(shown({ type: 'location', latitude: 1.5, longitude: 2, label: 'here' }), {
    media: 0,
    body: '[location] here 1.5,2',
  });
  assert.deepEqual(shown({ type: 'custom', name: 'card', data: { a: 1 } }), { media: 0, body: '[message] card' });
  assert.deepEqual(shown({ type: 'custom', name: 'ml.5', data: { a: 1 } }), { media: 0, body: '[message] ml.5' });
});

test('[ML-242] a body is a text of at most 32 KiB, a remark of at most 4096 characters', () => {
  assert.equal(
    thrown(() => parseWords({ media: 0, body: 'é'.repeat(16 * 1024) }, 'r'.repeat(4096))),
    'nothing',
  );
  assert.equal(
    thrown(() => parseWords({ media: 0, body: `${'é'.repeat(16 * 1024)}x` }, undefined)),
    'too-long',
  );
  assert.equal(
    thrown(() => parseWords({ media: 0, body: 'x' }, 'r'.repeat(4097))),
    'too-long',
  );
  for (const content of [
    undefined,
    null,
    'x',
    [],
    {},
    { body: '' },
    { body: 1 },
    { body: [] },
    { body: [1] },
    { media: -1, body: 'x' },
    { media: 1.5, body: 'x' },
    { media: '1', body: 'x' },
  ]) {
    assert.equal(
      thrown(() => parseWords(content, undefined)),
      'invalid-argument',
      JSON.stringify(content),
    );
  }
  assert.equal(
    thrown(() => parseWords({ body: 'x' }, 1)),
    'invalid-argument',
  );
});

test('[ML-243] say: object or JSON text, absent media and type mean 0, odd extras are left out', () => {
  const plain = { to: { id: 'bob', type: 0 }, draft: { content: { type: 'text', text: 'hi' } } };
  assert.deepEqual(parseSay({ to: { id: 'bob' }, content: { body: 'hi' }, ts: 9, from: 'eve', ack: '5', x: 1 }), plain);
  assert.deepEqual(parseSay('{"to":{"id":"bob","type":0},"content":{"media":0,"body":"hi"}}'), plain);
  const full = parseSay({
    to: { id: 'g', type: 1 },
    content: { media: 1, body: ['u1', 'u2'] },
    ack: 12,
    ref: 'r1',
    push: { enable: false, badge: 2, sound: 3, __proto__: {} },
  });
  assert.deepEqual(full, {
    to: { id: 'g', type: 1 },
    draft: {
      content: { type: 'image', file: { url: 'u1' }, extras: { remark: 'u2' } },
      push: { enable: false, badge: 2 },
      ref: 'r1',
    },
    ack: 12,
  });
  for (const bad of [
    '{',
    '[]',
    'null',
    7,
    null,
    undefined,
    {},
    { to: {}, content: { body: 'x' } },
    { to: { id: 'b', type: 5 }, content: { body: 'x' } },
    { to: { id: 'b', type: '0' }, content: { body: 'x' } },
    { to: { id: 'b' } },
  ]) {
    assert.equal(
      thrown(() => parseSay(bad)),
      'invalid-argument',
      JSON.stringify(bad),
    );
  }
  assert.equal(
    thrown(() => parseSay({ to: { id: 'b' }, content: { body: 'x' }, push: { prefix: 'p'.repeat(4097) } })),
    'too-long',
  );
});
