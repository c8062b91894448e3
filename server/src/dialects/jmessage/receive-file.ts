// A file on its way in: measured as JMessage measures it, and without what one client adds to it.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ImError } from '../../core/errors.ts';
import { headBytes, isPicture } from './media-format.ts';
import type { MediaKind } from './media-ids.ts';

export const fileBytesMax = 8 * 1024 * 1024;
/** The Java client writes a line's end behind the file and before the boundary's own. */
const sloppyBoundary = /boundary="?={8}7d4a6d158c9"?\s*$/;

export type Measured = {
  readonly stream: Readable;
  head: Buffer;
  bytes: number;
  /** URL-safe Base64 of the byte 0x16 and the SHA-1; known at the end. */
  hash: string;
};

/** The stream fails with `bad-upload` for what is too large, and for what is no picture where one is wanted. */
export function measureFile(source: Readable, kind: MediaKind, contentType: string): Measured {
  const sum = createHash('sha1');
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const chunk of checked(sloppyBoundary.test(contentType) ? withoutLastLineEnd(source) : source, kind)) {
      if (measured.head.length < headBytes)
        measured.head = Buffer.concat([measured.head, chunk]).subarray(0, headBytes);
      measured.bytes += chunk.length;
      if (measured.bytes > fileBytesMax)
        throw new ImError('bad-upload', `the file is larger than ${fileBytesMax} bytes`, { why: 'size' });
      sum.update(chunk);
      yield chunk;
    }
    measured.hash = Buffer.concat([Buffer.of(0x16), sum.digest()]).toString('base64url');
  }
  const measured: Measured = {
    stream: Readable.from(pass(), { objectMode: false }),
    head: Buffer.alloc(0),
    bytes: 0,
    hash: '',
  };
  return measured;
}

/** Holds back the beginning until it is known what it is. */
async function* checked(source: AsyncIterable<Buffer>, kind: MediaKind): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of source) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < headBytes) continue;
    assertKind(head, kind);
    yield head;
    head = undefined;
  }
  if (head === undefined || head.length === 0) return;
  assertKind(head, kind);
  yield head;
}

function assertKind(head: Buffer, kind: MediaKind): void {
  if (kind === 'image' && !isPicture(head)) throw new ImError('bad-upload', 'the file is no picture', { why: 'image' });
}

async function* withoutLastLineEnd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of source) {
    const all = Buffer.concat([held, chunk]);
    held = all.subarray(Math.max(0, all.length - 2));
    if (all.length > 2) yield all.subarray(0, all.length - 2);
  }
  if (held.length > 0 && held.toString('latin1') !== '\r\n') yield held;
}
