// Rows of a backup's BSON, one document after the other, as the rows that an export of JSON has.
import { type Document, deserialize } from 'bson';
import type { Json, JsonObject } from '../core/json.ts';
import type { ReadRow } from './text-rows.ts';

/** What MongoDB itself allows. */
const documentBytesMax = 16 * 1024 * 1024;
const lengthBytes = 4;

/** `line` is the number of the document. Throws for what is no BSON. */
export async function* bsonRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadRow> {
  let held: Buffer = Buffer.alloc(0);
  let line = 0;
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= lengthBytes) {
      const size = held.readInt32LE(0);
      if (size < 5 || size > documentBytesMax) throw new Error(`document ${line + 1} is no BSON`);
      if (held.length < size) break;
      line += 1;
      yield rowOf(deserialize(held.subarray(0, size), { promoteLongs: true, promoteBuffers: false }), line);
      held = held.subarray(size);
    }
  }
  if (held.length > 0) yield { broken: 'the file ends inside a document', line: line + 1 };
}

function rowOf({ _id, ...document }: Document, line: number): ReadRow {
  if (_id === undefined) return { broken: 'has no _id: this is no backup of the storage', line };
  const row = plain(document) as JsonObject;
  const id = plain(_id);
  return { row: { ...row, objectId: typeof id === 'string' ? id : JSON.stringify(id) }, line };
}

function plain(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return { __type: 'Date', iso: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (Array.isArray(value)) return value.map(plain);
  const { _bsontype: type } = value as { _bsontype?: string };
  if (type === 'ObjectId') return (value as { toHexString(): string }).toHexString();
  if (type === 'Binary')
    return { __type: 'Bytes', base64: (value as { toString(format: 'base64'): string }).toString('base64') };
  if (type === 'Long' || type === 'Int32' || type === 'Double') return Number(String(value));
  if (type !== undefined) return String(value);
  return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, plain(one)]));
}
