// Rows of JSON text as they come in, without holding more than one of them: a row a line, an array, or
// `{"results": […]}`.
import type { JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';

/** `broken`: what stands there is no row. */
export type ReadRow =
  | { readonly row: JsonObject; readonly line: number }
  | { readonly broken: string; readonly line: number };

/** Bytes of one row; a longer one would be held in memory as a whole. */
const rowBytesMax = 16 * 1024 * 1024;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const results = /^\{\s*"results"\s*:\s*\[/;
/** Enough to tell what a file begins with. */
const headBytes = 4_096;

export async function* textRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadRow> {
  const { head, rest } = await headOf(chunks);
  const text = head.toString('latin1').trimStart();
  const array = text.startsWith('[') ? text.indexOf('[') + 1 : (results.exec(text)?.[0].length ?? 0);
  const skipped = head.length - Buffer.byteLength(text, 'latin1');
  if (array > 0)
    yield* arrayRows(joined(head.subarray(skipped + array), rest), countOf(head.subarray(0, skipped + array)));
  else yield* lineRows(joined(head, rest));
}

async function headOf(chunks: AsyncIterable<Buffer>): Promise<{ head: Buffer; rest: AsyncIterator<Buffer> }> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < headBytes) {
    const next = await rest.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head: head.subarray(0, 3).equals(bom) ? head.subarray(3) : head, rest };
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const newline = 0x0a;
const countOf = (bytes: Buffer): number => {
  let count = 1;
  for (const byte of bytes) if (byte === newline) count += 1;
  return count;
};

async function* lineRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadRow> {
  let open: Buffer[] = [];
  let size = 0;
  let line = 1;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      const bytes = open.length > 0 ? Buffer.concat([...open, chunk.subarray(from, end)]) : chunk.subarray(from, end);
      yield* rowOf(bytes.toString('utf8'), line);
      open = [];
      size = 0;
      line += 1;
      from = end + 1;
    }
    open.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > rowBytesMax) throw new Error(`line ${line} is longer than ${rowBytesMax} bytes`);
  }
  yield* rowOf(Buffer.concat(open).toString('utf8'), line);
}

function* rowOf(text: string, line: number): Generator<ReadRow> {
  const plain = text.trim();
  if (plain === '' || plain.startsWith('#')) return;
  yield parsed(plain, line);
}

/** Not what it says: that may be somebody's password. */
const whatIsNone = (text: string): string => `${text.length} characters that are no JSON object`;

function parsed(text: string, line: number): ReadRow {
  try {
    const row: unknown = JSON.parse(text);
    return isJsonObject(row) ? { row, line } : { broken: whatIsNone(text), line };
  } catch {
    return { broken: whatIsNone(text), line };
  }
}

const quote = 0x22;
const backslash = 0x5c;
const opening = 0x7b;
const closing = 0x7d;

/** Balanced braces, whatever stands between them. */
async function* arrayRows(chunks: AsyncIterable<Buffer>, firstLine: number): AsyncGenerator<ReadRow> {
  let open: Buffer[] = [];
  let size = 0;
  let depth = 0;
  let inText = false;
  let escaped = false;
  let line = firstLine;
  let begun = line;
  for await (const chunk of chunks) {
    let from = depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === newline) line += 1;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inText = false;
      } else if (byte === quote) inText = true;
      else if (byte === opening) {
        if (depth === 0) {
          from = at;
          begun = line;
        }
        depth += 1;
      } else if (byte === closing && depth > 0) {
        depth -= 1;
        if (depth > 0) continue;
        yield parsed(Buffer.concat([...open, chunk.subarray(from, at + 1)]).toString('utf8'), begun);
        open = [];
        size = 0;
        from = -1;
      }
    }
    if (depth === 0 || from < 0) continue;
    open.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > rowBytesMax) throw new Error(`the row of line ${begun} is longer than ${rowBytesMax} bytes`);
  }
  if (depth > 0) yield { broken: 'the file ends inside a row', line: begun };
}
