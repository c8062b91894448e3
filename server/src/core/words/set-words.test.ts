import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Files, openFiles } from '../../../test/kit/files.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import { setWords, wordsOf } from './set-words.ts';
import { holdsWord, starOut } from './star-out.ts';

let files: Files;
before(async () => {
  files = await openFiles();
});
after(() => files.close());

const set = async (words: string[]) => setWords(files.core, await files.app(), words);
const star = async (text: string) => {
  const content = await starOut(files.core, await files.app(), { type: 'text', text });
  return content.type === 'text' ? content.text : undefined;
};

it('[CORE-68] a new list is in force for the next message', async () => {
  assert.equal(await star('one two'), 'one two');
  await set(['one']);
  assert.equal(await star('one two'), '*** two');
  await set(['two']);
  assert.equal(await star('one two'), 'one ***');
  await set([]);
  assert.equal(await star('one two'), 'one two');
});

it('[CORE-68] blanks around words, empty words and repetitions are dropped', async () => {
  assert.deepEqual(await set([' one ', 'two', '', '  ', 'one']), ['one', 'two']);
  assert.deepEqual((await wordsOf(files.core, await files.app())).toSorted(), ['one', 'two']);
});

it('[CORE-68] too many or too long words are refused, and the list stays', async () => {
  await set(['one']);
  const code = (expected: string) => (error: unknown) => error instanceof ImError && error.code === expected;
  await assert.rejects(set(Array.from({ length: limits.wordsMax + 1 }, (_, n) => `w${n}`)), code('full'));
  await assert.rejects(set(['x'.repeat(limits.wordCharsMax + 1)]), code('too-long'));
  assert.deepEqual(await wordsOf(files.core, await files.app()), ['one']);
  assert.equal(
    (await set([...Array.from({ length: limits.wordsMax - 1 }, (_, n) => `w${n}`), '😀'.repeat(limits.wordCharsMax)]))
      .length,
    limits.wordsMax,
  );
});

it('[CORE-66] only text is starred, and what has no hit is the same object', async () => {
  await set(['bad']);
  const app = await files.app();
  const image = { type: 'image', file: { url: 'https://bad/bad.png' } } as const;
  const text = { type: 'text', text: 'good' } as const;
  assert.equal(await starOut(files.core, app, image), image);
  assert.equal(await starOut(files.core, app, text), text);
  assert.deepEqual(await starOut(files.core, app, { type: 'text', text: 'Bad', extras: { k: 1 } }), {
    type: 'text',
    text: '***',
    extras: { k: 1 },
  });
  assert.deepEqual(
    [await holdsWord(files.core, app, 'a BAD day'), await holdsWord(files.core, app, 'a good day')],
    [true, false],
  );
});

it('[CORE-68] the list is the app’s own', async () => {
  await set(['bad']);
  const other = await files.core.store.apps.put({
    id: 'ffffffffffffffffffffffff',
    clientKey: 'c',
    masterKey: 'm',
    idKey: '1'.repeat(32),
  });
  const content = { type: 'text', text: 'bad' } as const;
  assert.equal(await starOut(files.core, other, content), content);
});
