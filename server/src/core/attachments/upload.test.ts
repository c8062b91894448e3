import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { type Files, openFiles } from '../../../test/kit/files.ts';
import { animation, bombPng, picture } from '../../../test/kit/pictures.ts';
import { ImError } from '../errors.ts';
import type { ImageFormat } from '../ports/thumbnails.ts';
import { thumbnailPath } from './paths.ts';
import { type Uploaded, upload } from './upload.ts';

let files: Files;
before(async () => {
  files = await openFiles();
});
after(() => files.close());

const put = async (bytes: Buffer | Readable, name = 'file.bin', type?: string): Promise<Uploaded> => {
  const stream = bytes instanceof Readable ? bytes : Readable.from([bytes], { objectMode: false });
  return upload(files.core, await files.app(), { name, type, stream });
};
const bytesOf = async (path: string): Promise<Buffer> => buffer((await files.core.blobs.read(path)) as Readable);
const failsWith = (why: string) => (error: unknown) =>
  error instanceof ImError && error.code === 'bad-upload' && error.details.why === why;

const rowCount = async () =>
  (await files.core.store.media.olderThan((await files.app()).no, Number.MAX_SAFE_INTEGER, 1_000)).length;

/** Runs what must fail, and shows that it left neither a file nor a row. */
async function leavesNothing(act: () => Promise<unknown>, expected: (error: unknown) => boolean): Promise<void> {
  const before = await files.stored();
  const rows = await rowCount();
  await assert.rejects(act, expected);
  assert.deepEqual(await files.stored(), before);
  assert.equal(await rowCount(), rows);
}

describe('names', () => {
  it('[CORE-52] the folder is a stable hash of the app, the name is random, the ending is the file name’s', async () => {
    const [one, two] = [await put(Buffer.from('a'), 'A.TXT'), await put(Buffer.from('a'), 'A.TXT')];
    assert.match(one.file.path, /^[0-9a-f]{8}\/[0-9a-f]{16}\.txt$/);
    assert.equal(
      one.file.path.slice(0, 8),
      createHash('sha256')
        .update((await files.app()).id)
        .digest('hex')
        .slice(0, 8),
    );
    assert.equal(one.file.path.slice(0, 8), two.file.path.slice(0, 8));
    assert.notEqual(one.file.path, two.file.path);
  });

  const endings: [name: string, type: string | undefined, ending: string][] = [
    ['photo.JPG', 'image/jpeg', '.jpg'],
    ['archive.tar.gz', undefined, '.gz'],
    ['blob', 'video/mp4', '.mp4'],
    ['blob', 'audio/mpeg; codecs=x', '.mp3'],
    ['noending', undefined, ''],
    ['strange.ending-with-dash', undefined, ''],
    ['long.ninechars', 'text/plain', '.txt'],
    ['../../../etc/passwd', undefined, ''],
    ['C:\\Users\\me\\a.png', undefined, '.png'],
    ['中文.文件', undefined, ''],
    ['x.constructor', undefined, ''],
    ['x.toString', undefined, '.tostring'],
  ];
  for (const [name, type, ending] of endings) {
    it(`[CORE-52] ${JSON.stringify(name)} of type ${type} ends with ${JSON.stringify(ending)}`, async () => {
      const { file } = await put(Buffer.from('hello'), name, type);
      assert.equal(file.path.slice(8 + 1 + 16), ending);
      assert.doesNotMatch(file.name, /[/\\]/);
    });
  }

  const types: [name: string, declared: string | undefined, type: string][] = [
    ['voice.amr', undefined, 'audio/amr'],
    ['voice.amr', 'text/plain', 'audio/amr'],
    ['voice.amr', 'application/octet-stream', 'audio/amr'],
    ['voice.amr', 'Audio/X-Own; rate=8', 'audio/x-own'],
    ['notes', 'text/plain', 'text/plain'],
    ['x.toString', undefined, 'application/octet-stream'],
    ['x', 'text/html\r\nSet-Cookie: a', 'application/octet-stream'],
  ];
  for (const [name, declared, type] of types) {
    it(`[CORE-52] ${name} declared as ${JSON.stringify(declared)} is ${type}`, async () => {
      assert.equal((await put(Buffer.from('hello'), name, declared)).file.type, type);
    });
  }

  it('[CORE-52] the thumbnail’s name is the picture’s with .sm before the ending', () => {
    assert.equal(thumbnailPath('aabbccdd/0011223344556677.jpg'), 'aabbccdd/0011223344556677.sm.jpg');
    assert.equal(thumbnailPath('aabbccdd/0011223344556677'), 'aabbccdd/0011223344556677.sm');
  });
});

describe('pictures', () => {
  for (const format of ['jpeg', 'png', 'gif', 'webp'] satisfies ImageFormat[]) {
    it(`[CORE-53] a ${format} gets a thumbnail of its own format, inside 128 × 128, its aspect kept`, async () => {
      const bytes = await picture(format, 400, 300);
      const { file, thumb } = await put(bytes, 'blob', 'application/octet-stream');
      assert.ok(thumb);
      assert.deepEqual([file.type, file.width, file.height, file.thumb], [`image/${format}`, 400, 300, thumb.path]);
      assert.deepEqual([file.bytes, file.crc32], [bytes.length, crc32(bytes)]);
      assert.equal(thumb.path, thumbnailPath(file.path));
      const small = await sharp(await bytesOf(thumb.path)).metadata();
      assert.deepEqual([small.format, small.width, small.height], [format, 128, 96]);
      assert.deepEqual([thumb.width, thumb.height], [128, 96]);
      assert.ok((await bytesOf(file.path)).equals(bytes));
      assert.deepEqual(await files.core.store.media.byPath(thumb.path), thumb);
      assert.deepEqual(await files.core.store.media.byPath(file.path), file);
    });
  }

  it('[CORE-53] a small picture is not enlarged', async () => {
    const { thumb } = await put(await picture('png', 40, 20), 'icon.png');
    assert.deepEqual([thumb?.width, thumb?.height], [40, 20]);
  });

  for (const format of ['gif', 'webp'] as const) {
    it(`[CORE-53] of an animated ${format} the first frame is shown`, async () => {
      const { thumb } = await put(await animation(format, 200, 100), `moving.${format}`);
      const data = await bytesOf(thumb?.path ?? '');
      assert.equal((await sharp(data).metadata()).pages ?? 1, 1);
      const [red = 0, , blue = 0] = (await sharp(data).stats()).channels.map(({ mean }) => mean);
      assert.ok(red > 200 && blue < 50);
    });
  }

  it('[CORE-54] a photo that was taken sideways is turned upright, and its place is not told', async () => {
    const { file, thumb } = await put(await picture('jpeg', 400, 300, 6), 'photo.jpg');
    assert.deepEqual([file.width, file.height, thumb?.width, thumb?.height], [300, 400, 96, 128]);
    const data = await bytesOf(thumb?.path ?? '');
    assert.equal((await sharp(data).metadata()).exif, undefined);
    // A quarter turn to the right puts the red left half on top.
    const { data: pixels, info } = await sharp(data).raw().toBuffer({ resolveWithObject: true });
    const at = (y: number) => pixels.subarray((y * info.width + 48) * info.channels);
    assert.ok((at(20)[0] ?? 0) > 200 && (at(108)[2] ?? 0) > 200);
  });

  it('[CORE-55] a picture that is cut off, garbage or too large to be decoded is refused, and nothing is kept', async () => {
    const png = await picture('png', 400, 300);
    const jpeg = await picture('jpeg', 400, 300);
    const gif = await picture('gif', 400, 300);
    const webp = await picture('webp', 400, 300);
    const bad = {
      'cut png': png.subarray(0, png.length - 60),
      'cut jpeg': jpeg.subarray(0, jpeg.length - 300),
      'cut gif': gif.subarray(0, gif.length - 200),
      'cut webp': webp.subarray(0, webp.length - 20),
      'four bytes': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
      garbage: Buffer.concat([png.subarray(0, 40), randomBytes(500)]),
      'bomb by width': bombPng(50_000, 50_000),
      'bomb in memory': bombPng(9_000, 9_000, 9_000, true),
    };
    for (const [name, bytes] of Object.entries(bad)) {
      const began = performance.now();
      await leavesNothing(() => put(bytes, 'picture.png', 'image/png'), failsWith('image'));
      assert.ok(performance.now() - began < 3_000, name);
    }
  });

  it('[CORE-69] many pictures at once all get their thumbnail, a few at a time', async () => {
    const bytes = await picture('jpeg', 800, 600);
    const all = await Promise.all(Array.from({ length: 12 }, () => put(bytes, 'photo.jpg')));
    assert.equal(new Set(all.map(({ thumb }) => thumb?.path)).size, 12);
  });
});

describe('failures', () => {
  it('[CORE-56] an empty file is no upload', async () => {
    await leavesNothing(() => put(Buffer.alloc(0)), failsWith('none'));
  });

  it('[CORE-57] the limit is the app’s and is kept to the byte', async () => {
    await files.set({ attachmentBytesMax: 2_000 });
    assert.equal((await put(Buffer.alloc(2_000))).file.bytes, 2_000);
    await leavesNothing(() => put(Buffer.alloc(2_001)), failsWith('size'));
    await files.set({ attachmentBytesMax: 20 * 1024 * 1024 });
  });

  it('[CORE-57] a stream above the limit is not read to its end', async () => {
    await files.set({ attachmentBytesMax: 10_000 });
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given += 1_000;
        yield Buffer.alloc(1_000);
      }
    }
    await leavesNothing(() => put(Readable.from(endless(), { objectMode: false })), failsWith('size'));
    assert.ok(given < 200_000, `${given} bytes were taken`);
    await files.set({ attachmentBytesMax: 20 * 1024 * 1024 });
  });

  it('[CORE-58] a source that breaks off leaves nothing, and its own error comes through', async () => {
    const failure = new Error('the line went dead');
    async function* broken(): AsyncGenerator<Buffer> {
      yield randomBytes(50_000);
      throw failure;
    }
    await leavesNothing(
      () => put(Readable.from(broken(), { objectMode: false })),
      (error) => error === failure,
    );
  });

  it('[CORE-58] a storage that fails is said so, and nothing half is left', async () => {
    const failing = { ...files.core.blobs, write: () => Promise.reject(new Error('no space left on device')) };
    const core = { ...files.core, blobs: failing };
    const app = await files.app();
    const stream = Readable.from([Buffer.from('hello')], { objectMode: false });
    await leavesNothing(() => upload(core, app, { name: 'a.txt', type: undefined, stream }), failsWith('storage'));
  });

  it('[CORE-58] a storage that fails in the middle is said so too', async () => {
    const blobs = {
      ...files.core.blobs,
      async write(_path: string, source: Readable): Promise<never> {
        for await (const _chunk of source) throw new Error('no space left on device');
        throw new Error('nothing came');
      },
    };
    const app = await files.app();
    const stream = Readable.from([Buffer.alloc(50_000), Buffer.alloc(50_000)], { objectMode: false });
    const core = { ...files.core, blobs };
    await leavesNothing(() => upload(core, app, { name: 'a.txt', type: undefined, stream }), failsWith('storage'));
  });

  it('[CORE-58] when the row cannot be written, the file goes too', async () => {
    const media = {
      ...files.core.store.media,
      put: () => Promise.reject(new ImError('unavailable', 'the store is away')),
      remove: async () => {},
    };
    const core = { ...files.core, store: { ...files.core.store, media } };
    const app = await files.app();
    const stream = Readable.from([await picture('png', 200, 200)], { objectMode: false });
    const away = (error: unknown) => error instanceof ImError && error.code === 'unavailable';
    await leavesNothing(() => upload(core, app, { name: 'a.png', type: undefined, stream }), away);
  });
});
