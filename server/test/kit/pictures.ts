// Small pictures for tests, made when they are needed.
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { ImageFormat } from '../../src/core/ports/thumbnails.ts';

/** Left half red, right half blue, so that a test sees which way up it is. `orientation`: EXIF, 1 … 8. */
export async function picture(
  format: ImageFormat,
  width: number,
  height: number,
  orientation?: number,
): Promise<Buffer> {
  const right = await sharp({ create: { width: Math.floor(width / 2), height, channels: 3, background: '#0000ff' } })
    .png()
    .toBuffer();
  const image = sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    { input: right, gravity: 'east' },
  ]);
  return (orientation ? image.withMetadata({ orientation }) : image).toFormat(format).toBuffer();
}

/** An animated GIF or WebP: a red frame, then blue ones. */
export async function animation(format: 'gif' | 'webp', width: number, height: number): Promise<Buffer> {
  const frame = (background: string) =>
    sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer();
  const frames = await Promise.all(['#ff0000', '#0000ff', '#0000ff'].map(frame));
  return sharp(frames, { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
}

/** A few kilobytes of PNG that claim to be `width` × `height` black pixels, and deliver the rows that fit into `rows`. */
export function bombPng(width: number, height: number, rows = 64, interlaced = false): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, interlaced ? 1 : 0], 8); // one bit a pixel, grey
  const data = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * rows), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
