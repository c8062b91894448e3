// Thumbnails by sharp (libvips), off the main thread, few at a time. The library is loaded with the first picture: it
// would cost every start a tenth of a second.
import type { Readable } from 'node:stream';
import type { Sharp } from 'sharp';
import { ImError } from '../core/errors.ts';
import { limits } from '../core/limits.ts';
import type { ImageFormat, Thumbnail, Thumbnails } from '../core/ports/thumbnails.ts';

type SharpLibrary = typeof import('sharp').default;

export function openThumbnails(atOnce: number = limits.imagesAtOnce): Thumbnails {
  let library: Promise<SharpLibrary> | undefined;
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function turn(): Promise<void> {
    if (busy < atOnce) {
      busy += 1;
      return;
    }
    if (waiting.length >= limits.imagesWaitingMax) throw new ImError('unavailable', 'too many pictures are waiting');
    await new Promise<void>((go) => waiting.push(go));
  }

  function done(): void {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }

  return {
    async make(format, open) {
      await turn();
      try {
        library ??= loadSharp();
        const sharp = await library;
        return await shrink(sharp, format, await gather(await open()));
      } finally {
        done();
      }
    },
  };
}

async function loadSharp(): Promise<SharpLibrary> {
  const { default: sharp } = await import('sharp');
  // Uploads do not repeat; and one thread a picture leaves the processors to the messages.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

async function gather(source: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function shrink(sharp: SharpLibrary, format: ImageFormat, bytes: Buffer): Promise<Thumbnail> {
  try {
    const side = limits.thumbnailSideMax;
    // `error` refuses truncated files, and passes what phones often write: harmless stray bytes between markers.
    const image = sharp(bytes, { limitInputPixels: limits.imagePixelsMax, failOn: 'error', sequentialRead: true });
    const { width, height } = await sizeOf(image, format);
    const { data, info } = await image
      .autoOrient()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toFormat(format)
      .timeout({ seconds: limits.imageSecondsMax })
      .toBuffer({ resolveWithObject: true });
    return { width, height, data, thumbWidth: info.width, thumbHeight: info.height };
  } catch (cause) {
    throw new ImError('bad-upload', 'the picture could not be processed', { why: 'image' }, { cause });
  }
}

/** Upright size, from the header alone. Throws when the pixels would have to be held in memory and are too many. */
async function sizeOf(image: Sharp, format: ImageFormat): Promise<{ width: number; height: number }> {
  const { width, height, autoOrient, isProgressive } = await image.metadata();
  const held = format === 'gif' || format === 'webp' || isProgressive === true;
  if (held && width * height > limits.imageHeldPixelsMax) throw new Error('too many pixels to hold');
  return { width: autoOrient.width, height: autoOrient.height };
}
