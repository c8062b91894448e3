// The one way in for files: streamed into the blobs while it is measured, thumbnail, then the rows. Whatever goes
// wrong on the way, nothing is left behind.
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { limits } from '../limits.ts';
import type { ImageFormat, Thumbnail } from '../ports/thumbnails.ts';
import type { Media } from './media.ts';
import { headBytes, imageFormat, pathExtension, typeOf } from './media-types.ts';
import { newUploadPath, thumbnailPath } from './paths.ts';

type UploadPorts = Pick<Core, 'store' | 'blobs' | 'thumbnails' | 'clock' | 'log'>;

export type Upload = {
  /** As the sender wrote it; folders and control characters are taken off. */
  readonly name: string;
  /** The media type that the sender declared, if any. */
  readonly type: string | undefined;
  readonly stream: Readable;
  /** Of the path, where a door's ids hold no longer one; absent: by name and type. */
  readonly ending?: string;
  /** As newUploadPath made it, for whoever has to know it beforehand; it is written once. */
  readonly path?: string;
  /** Whatever else the application keeps with it. */
  readonly attributes?: JsonObject;
};

export type Uploaded = { readonly file: Media; readonly thumb?: Media };

/**
 * Stores one file. Throws `bad-upload` (why: `none` for an empty file, `size` above settings.attachmentBytesMax,
 * `image` for a picture that cannot be decoded, `storage`), `unavailable`, and whatever the stream itself fails with.
 */
export async function upload(core: UploadPorts, app: App, wish: Upload): Promise<Uploaded> {
  const { name, type, stream, ending, attributes } = wish;
  const { head, chunks } = await begin(stream);
  const format = imageFormat(head);
  const cleanName = plainFileName(name);
  const mediaType = typeOf(type, cleanName, format);
  const path = wish.path ?? newUploadPath(app.id, ending || pathExtension(cleanName, mediaType));

  const measured = measure(chunks, app.settings.attachmentBytesMax);
  await store(core, path, measured);
  const file: Media = {
    path,
    app: app.no,
    type: mediaType,
    bytes: measured.bytes,
    name: cleanName,
    width: null,
    height: null,
    thumb: null,
    crc32: measured.crc32,
    createdAt: core.clock.now(),
    ...(attributes === undefined ? {} : { attributes }),
  };
  return orNothing(core, [path, thumbnailPath(path)], () =>
    format ? addThumbnail(core, file, format) : keep(core, file),
  );
}

async function keep(core: UploadPorts, file: Media, thumb?: Media): Promise<Uploaded> {
  if (thumb) await core.store.media.put(thumb);
  await core.store.media.put(file);
  return thumb ? { file, thumb } : { file };
}

async function addThumbnail(core: UploadPorts, file: Media, format: ImageFormat): Promise<Uploaded> {
  if (file.bytes > limits.imageBytesMax)
    throw new ImError('bad-upload', 'the picture is too large to be decoded', { why: 'image' });
  const small = await core.thumbnails.make(format, async () => {
    const source = await core.blobs.read(file.path).catch(storageFailed);
    return source ?? storageFailed(new Error('a blob is gone that was just written'));
  });
  const path = thumbnailPath(file.path);
  await core.blobs.write(path, Readable.from([small.data])).catch(storageFailed);
  return keep(
    core,
    { ...file, width: small.width, height: small.height, thumb: path },
    thumbnailRow(file, path, small),
  );
}

function thumbnailRow({ attributes: _own, ...plain }: Media, path: string, small: Thumbnail): Media {
  return {
    ...plain,
    path,
    bytes: small.data.length,
    width: small.thumbWidth,
    height: small.thumbHeight,
    crc32: crc32(small.data),
  };
}

/** Reads as much as is needed to know what the file is. A stream that ends before its first byte is no file. */
async function begin(stream: Readable): Promise<{ head: Buffer; chunks: AsyncGenerator<Buffer> }> {
  const source: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < headBytes) {
    const { done, value } = await source.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  if (length === 0) throw new ImError('bad-upload', 'the file is empty', { why: 'none' });
  return { head: Buffer.concat(first).subarray(0, headBytes), chunks: rejoin(first, source) };
}

async function* rejoin(first: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* first;
    for (let step = await rest.next(); !step.done; step = await rest.next()) yield step.value;
  } finally {
    await rest.return?.();
  }
}

type Measured = { readonly stream: Readable; bytes: number; crc32: number; failure?: unknown };

/** Counts while it passes on. `failure` is what the source failed with, which is not the storage's fault. */
function measure(chunks: AsyncGenerator<Buffer>, bytesMax: number): Measured {
  async function* pass(): AsyncGenerator<Buffer> {
    let handing = false;
    try {
      for await (const chunk of chunks) {
        measured.bytes += chunk.length;
        if (measured.bytes > bytesMax) {
          throw new ImError('bad-upload', `the file is larger than ${bytesMax} bytes`, { why: 'size', max: bytesMax });
        }
        measured.crc32 = crc32(chunk, measured.crc32);
        handing = true;
        yield chunk;
        handing = false;
      }
    } catch (failure) {
      // What is thrown in while a chunk is handed over says that the reader gave up.
      if (!handing) measured.failure = failure;
      throw failure;
    }
  }
  const measured: Measured = { stream: Readable.from(pass(), { objectMode: false }), bytes: 0, crc32: 0 };
  return measured;
}

async function store(core: UploadPorts, path: string, measured: Measured): Promise<void> {
  try {
    await core.blobs.write(path, measured.stream);
  } catch (error) {
    measured.stream.destroy();
    throw measured.failure ?? storageError(error);
  }
}

/** Runs `rest`; when it fails, takes away what was stored under `paths`. */
async function orNothing<T>(core: UploadPorts, paths: readonly string[], rest: () => Promise<T>): Promise<T> {
  try {
    return await rest();
  } catch (error) {
    // Rows first: a row without its file would be offered to somebody.
    for (const undo of [() => core.store.media.remove(paths), () => core.blobs.remove(paths)]) {
      await undo().catch((err: unknown) => core.log.warn({ err, paths }, 'a failed upload could not be cleared away'));
    }
    throw error;
  }
}

const storageError = (cause: unknown): ImError =>
  new ImError('bad-upload', 'the file could not be stored', { why: 'storage' }, { cause });

/** For whoever reads or writes blobs: throws `bad-upload`, why `storage`. */
export function storageFailed(error: unknown): never {
  throw storageError(error);
}

function plainFileName(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const clean = base.replace(/\p{Cc}|\p{Cf}/gu, '').trim();
  // Keeps the end, where the ending is; toWellFormed mends a pair of surrogates that the cut parted.
  return clean.slice(-limits.fileNameCharsMax).toWellFormed();
}
