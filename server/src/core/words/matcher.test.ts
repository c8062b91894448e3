import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFold } from '../../words/fold.ts';
import { buildMatcher, plainFold } from './matcher.ts';

const star = (words: string[], text: string) => buildMatcher(words, plainFold).star(text);

describe('the matcher of sensitive words', () => {
  const cases: [words: string[], text: string, starred: string][] = [
    [['bad'], 'a bad word', 'a *** word'],
    [['bad'], 'badbad', '******'],
    [['bad', 'badly'], 'badly', '*****'],
    [['abcd', 'bc'], 'xbcx abcd', 'x**x ****'],
    [['abc', 'cde'], 'abcde', '*****'],
    [['abcde', 'bcx'], 'abcx', 'a***'],
    [['aa'], 'aaa', '***'],
    [['she', 'he', 'hers'], 'ushers', 'u*****'],
    [['赌博'], '不要赌博！', '不要**！'],
    [['😀x'], 'a😀xb', 'a**b'],
    [['bad'], 'ba d', 'ba d'],
    [[], 'anything', 'anything'],
    [[''], 'anything', 'anything'],
  ];
  for (const [words, text, starred] of cases) {
    it(`[CORE-66] ${JSON.stringify(words)} in ${JSON.stringify(text)} gives ${JSON.stringify(starred)}`, () => {
      assert.equal(star(words, text), starred);
    });
  }

  it('[CORE-66] a text without hits comes back as it was, even one that is not well-formed', () => {
    const text = 'half a pair \ud83d here';
    assert.equal(star(['bad'], text), text);
    assert.equal(star(['bad'], `${text} bad`), `${text} ***`);
  });

  it('[CORE-66] finds what a plain search finds, for random texts and words', () => {
    let seed = 7;
    const letter = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return 'abc'[Math.floor((seed / 2147483648) * 3)] ?? 'a';
    };
    const text = (length: number) => Array.from({ length }, letter).join('');
    for (let round = 0; round < 200; round += 1) {
      const words = [text(2), text(3), text(4), text(5)];
      const said = text(40);
      const expected = [...said];
      for (const word of words) {
        for (let at = said.indexOf(word); at >= 0; at = said.indexOf(word, at + 1))
          expected.fill('*', at, at + word.length);
      }
      assert.equal(star(words, said), expected.join(''), `${words} in ${said}`);
    }
  });

  it('[CORE-67] capital letters, full-width letters, traditional and simplified characters are alike', async () => {
    const matcher = buildMatcher(['Casino', '賭博', '台湾话'], await loadFold());
    assert.equal(matcher.star('CASINO casino Ｃａｓｉｎｏ'), '****** ****** ******');
    assert.equal(matcher.star('赌博 賭博 賭博'), '** ** **');
    assert.equal(matcher.star('臺灣話 台灣话'), '*** ***');
    assert.ok(matcher.hits('赌博网站'));
    assert.ok(!matcher.hits('赌 博'));
  });

  it('[CORE-67] a character whose other form is longer keeps its place', async () => {
    const matcher = buildMatcher(['bad'], await loadFold());
    assert.equal(matcher.star('ﬃİ㍿bad㍿'), 'ﬃİ㍿***㍿');
  });

  it('[CORE-66] a long text and a full list take little time', () => {
    const words = Array.from({ length: 1_000 }, (_, n) => `a${'a'.repeat(n % 12)}${n}`);
    const matcher = buildMatcher(words, plainFold);
    const began = performance.now();
    matcher.star('a'.repeat(64 * 1024));
    assert.ok(performance.now() - began < 500);
  });
});
