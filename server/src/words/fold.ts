// Traditional and simplified Chinese alike, one character at a time: OpenCC's table of characters, without its phrases,
// which could change a text's length.
import { type Fold, plainFold } from '../core/words/matcher.ts';

let table: Promise<ReadonlyMap<string, string>> | undefined;

/** The table is read at the first call. */
export async function loadFold(): Promise<Fold> {
  table ??= readTable();
  const simplified = await table;
  return (character) => {
    const plain = plainFold(character);
    return simplified.get(plain) ?? plain;
  };
}

async function readTable(): Promise<ReadonlyMap<string, string>> {
  // The package declares no type for its single tables: pairs `traditional simplified`, separated by `|`.
  const name: string = 'opencc-js/dict/TSCharacters';
  const { default: pairs } = (await import(name)) as { default: string };
  const simplified = new Map<string, string>();
  for (const pair of pairs.split('|')) {
    const [from, to] = pair.split(' ');
    if (from && to && [...to].length === 1) simplified.set(from, to);
  }
  return simplified;
}
