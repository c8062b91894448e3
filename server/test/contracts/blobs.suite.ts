// What every adapter of the blobs port promises.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { Blobs } from '../../src/core/ports/blobs.ts';

export type BlobsUnderTest = {
  readonly blobs: Blobs;
  /** Everything that is stored, half-written things included: paths or names, sorted. */
  everything(): Promise<string[]>;
};

const newPath = () => `${randomBytes(4).toString('hex')}/${randomBytes(8).toString('hex')}.bin`;
const streamOf = (...chunks: Buffer[]) => Readable.from(chunks, { objectMode: false });

export function blobsSuite(name: string, open: () => Promise<BlobsUnderTest>): void {
  describe(`blobs on ${name}`, () => {
    it('[CORE-50] what was written is read back, byte for byte, and its size is the answer', async () => {
      const { blobs } = await open();
      const path = newPath();
      const bytes = randomBytes(300_000);
      const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 200_000), bytes.subarray(200_000)];
      assert.deepEqual(await blobs.write(path, streamOf(...chunks)), { bytes: bytes.length });
      assert.ok((await readAll(blobs, path))?.equals(bytes));
    });

    it('[CORE-50] an empty blob is a blob', async () => {
      const { blobs } = await open();
      const path = newPath();
      assert.deepEqual(await blobs.write(path, streamOf()), { bytes: 0 });
      assert.equal((await readAll(blobs, path))?.length, 0);
    });

    it('[CORE-50] a range has both its ends', async () => {
      const { blobs } = await open();
      const path = newPath();
      await blobs.write(path, streamOf(Buffer.from('0123456789')));
      assert.equal(String(await readAll(blobs, path, { start: 2, end: 4 })), '234');
      assert.equal(String(await readAll(blobs, path, { start: 0, end: 0 })), '0');
      assert.equal(String(await readAll(blobs, path, { start: 9, end: 9 })), '9');
    });

    it('[CORE-50] a source that fails leaves nothing, and its error comes through', async () => {
      const { blobs, everything } = await open();
      const before = await everything();
      const failure = new Error('the source broke');
      async function* broken(): AsyncGenerator<Buffer> {
        yield randomBytes(100_000);
        throw failure;
      }
      const path = newPath();
      await assert.rejects(blobs.write(path, Readable.from(broken(), { objectMode: false })), failure);
      assert.equal(await blobs.read(path), undefined);
      assert.deepEqual(await everything(), before);
    });

    it('[CORE-50] nobody sees a blob before it is whole', async () => {
      const { blobs } = await open();
      const path = newPath();
      const release = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      async function* slow(): AsyncGenerator<Buffer> {
        yield Buffer.from('first ');
        begun.resolve();
        await release.promise;
        yield Buffer.from('second');
      }
      const writing = blobs.write(path, Readable.from(slow(), { objectMode: false }));
      await begun.promise;
      assert.equal(await blobs.read(path), undefined);
      release.resolve();
      await writing;
      assert.equal(String(await readAll(blobs, path)), 'first second');
    });

    it('[CORE-50] removing ignores what is not there', async () => {
      const { blobs, everything } = await open();
      const before = await everything();
      const [path, missing] = [newPath(), newPath()];
      await blobs.write(path, streamOf(Buffer.from('x')));
      await blobs.remove([missing, path]);
      await blobs.remove([path]);
      assert.equal(await blobs.read(path), undefined);
      assert.deepEqual(await everything(), before);
    });

    it('[CORE-51] a path that the core does not make reaches nothing', async () => {
      const { blobs, everything } = await open();
      const before = await everything();
      for (const path of [
        '../outside.bin',
        'aabbccdd/../../outside',
        '/etc/passwd',
        'aabbccdd/0011223344556677.a/b',
        '',
        '.incoming/x',
      ]) {
        await assert.rejects(blobs.write(path, streamOf(Buffer.from('x'))), TypeError);
        assert.equal(await blobs.read(path), undefined);
        await blobs.remove([path]);
      }
      assert.deepEqual(await everything(), before);
    });

    it('[CORE-50] many at once do not disturb each other', async () => {
      const { blobs } = await open();
      const files = Array.from({ length: 20 }, () => ({ path: newPath(), bytes: randomBytes(20_000) }));
      await Promise.all(files.map(({ path, bytes }) => blobs.write(path, streamOf(bytes))));
      for (const { path, bytes } of files) assert.ok((await readAll(blobs, path))?.equals(bytes));
    });
  });
}

async function readAll(
  blobs: Blobs,
  path: string,
  range?: { start: number; end: number },
): Promise<Buffer | undefined> {
  const stream = await blobs.read(path, range);
  return stream && buffer(stream);
}
