import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Content } from '../../core/messages/message.ts';
import { dataOf, fileIdOf, lctypeOf, parseBinary, parseData } from './wire.ts';

const file = {
  _lctext: 'a cat',
  _lcattrs: { k: 1 },
  _lcfile: {
    url: 'https://files.example/p.png',
    objId: fileIdOf('https://files.example/p.png'),
    metaData: { name: 'p', format: 'png', size: 12, width: 4, height: 3 },
  },
  _lctype: -2,
};

describe('LeanCloud words', () => {
  it("[LC-228] rich messages of the vendor are the core's content, and need no original", () => {
    const image = parseData(JSON.stringify(file));
    assert.deepEqual(image, {
      content: {
        type: 'image',
        file: { url: 'https://files.example/p.png', name: 'p', size: 12, width: 4, height: 3, format: 'png' },
        text: 'a cat',
        extras: { k: 1 },
      },
    });
    const texts: [string, Content][] = [
      ['{"_lctext":"hi","_lctype":-1}', { type: 'text', text: 'hi' }],
      [
        '{"_lcloc":{"longitude":116.4,"latitude":39.9},"_lctype":-5}',
        { type: 'location', latitude: 39.9, longitude: 116.4 },
      ],
      [
        `{"_lcfile":{"url":"u","objId":"${fileIdOf('u')}","metaData":{"duration":2.5}},"_lctype":-3}`,
        { type: 'audio', file: { url: 'u' }, durationMs: 2500 },
      ],
      ['{"_lctype":3,"x":1}', { type: 'custom', name: 'lc.3', data: { _lctype: 3, x: 1 } }],
    ];
    for (const [text, content] of texts) {
      assert.deepEqual(parseData(text), { content });
      assert.deepEqual(dataOf({ content }), { data: text, bin: false });
    }
  });

  it('[LC-226] whatever else is a text comes back as it was', () => {
    for (const text of [
      'hello',
      '',
      '{"_lctype":-1,"_lctext":"other order"}',
      '{"_lctype":-2}',
      '{"_lctype":"x"}',
      '{',
      '[1]',
    ]) {
      const said = parseData(text);
      assert.deepEqual(dataOf(said), { data: text, bin: false });
      assert.equal(said.original?.body ?? text, text);
    }
    assert.equal(parseData('hello').content.type, 'text');
  });

  it('[LC-94] bytes are kept as they are', () => {
    assert.deepEqual(dataOf(parseBinary(Buffer.from([255, 0]))), { data: '/wA=', bin: true });
  });

  it('[LC-229] what other doors say is told in these words', () => {
    const words = (content: Content) => JSON.parse(dataOf({ content }).data);
    assert.deepEqual(words({ type: 'text', text: 'hi', extras: { remark: 'r' } }), {
      _lctext: 'hi',
      _lcattrs: { remark: 'r' },
      _lctype: -1,
    });
    assert.deepEqual(words({ type: 'image', file: { url: 'u' }, thumb: { url: 't' } }), {
      _lcfile: { url: 'u', objId: fileIdOf('u') },
      _lctype: -2,
    });
    assert.deepEqual(words({ type: 'custom', name: 'ml.9', data: 'x' }), {
      _lctext: '[message] ml.9',
      _lcattrs: { data: 'x' },
      _lctype: -1,
    });
    assert.deepEqual(words({ type: 'recalled' }), { _lctype: -127 });
  });

  it('[LC-104] a recalled message shows nothing of what it said', () => {
    const original = { door: 'leancloud', body: 'secret', binary: false } as const;
    assert.deepEqual(dataOf({ content: { type: 'recalled' }, original }), { data: '{"_lctype":-127}', bin: false });
  });

  it('[LC-103] the kind by which history is filtered', () => {
    const kinds = ['{"_lctype":7}', '{"_lctext":"a","_lctype":-1}', 'plain'].map((text) => lctypeOf(parseData(text)));
    assert.deepEqual(kinds, [7, -1, undefined]);
  });
});
