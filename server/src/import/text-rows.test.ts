import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ReadRow, textRows } from './text-rows.ts';

/** Read in pieces of every size, because a file comes in any. */
async function read(text: string, size: number): Promise<ReadRow[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const rows: ReadRow[] = [];
  for await (const row of textRows(chunks())) rows.push(row);
  return rows;
}

const rows = [{ a: '}{"\\' }, { b: [1, { c: '长🎉\u2028' }] }, {}];
const wanted = (...lines: number[]) => rows.map((row, n) => ({ row, line: lines[n] }));

describe('rows of JSON text', () => {
  it('[CORE-464] are found whatever they are wrapped in and however they are cut', async () => {
    const long = ' '.repeat(5_000);
    for (const size of [1, 2, 3, 7, 4_096, 1 << 20]) {
      const lines = rows.map((row) => JSON.stringify(row)).join('\n');
      assert.deepEqual(await read(`\ufeff${lines}\n\n`, size), wanted(1, 2, 3));
      assert.deepEqual(await read(`# a remark\r\n${lines.replaceAll('\n', '\r\n\r\n')}`, size), wanted(2, 4, 6));
      assert.deepEqual(await read(JSON.stringify(rows), size), wanted(1, 1, 1));
      assert.deepEqual(
        await read(`{ "results" :\n [${long}\n${rows.map((row) => JSON.stringify(row)).join(',\n')}]}`, size),
        wanted(3, 4, 5),
      );
    }
  });

  it('[CORE-464] and what is none is named with its line', async () => {
    const broken = await read('{"a":1}\n{"b":\n[2]\n{"c":3}', 5);
    assert.deepEqual(
      broken.map((one) => ('row' in one ? one.row : one.line)),
      [{ a: 1 }, 2, 3, { c: 3 }],
    );
    const cut = await read('[{"a":1},{"b":', 3);
    assert.deepEqual(
      cut.map((one) => ('row' in one ? one.row : one.line)),
      [{ a: 1 }, 1],
    );
  });
});
