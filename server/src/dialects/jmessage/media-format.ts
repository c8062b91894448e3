// What kind of file somebody uploads, by its first bytes; and the size of a bitmap, which no thumbnail is made of.
import { extensionOf, imageFormat } from '../../core/attachments/media-types.ts';

/** First bytes that are looked at. */
export const headBytes = 32;

const marks: readonly (readonly [format: string, at: number, bytes: string])[] = [
  ['bmp', 0, 'BM'],
  ['amr', 0, '#!AMR'],
  ['mp3', 0, 'ID3'],
  ['wav', 8, 'WAVE'],
  ['ogg', 0, 'OggS'],
  ['caf', 0, 'caff'],
  ['m4a', 4, 'ftypM4A'],
  ['mp4', 4, 'ftyp'],
];

/** As an ending: of the content, else of the name; '' where neither says anything. */
export function formatOf(head: Buffer, name: string): string {
  const image = imageFormat(head);
  if (image) return image === 'jpeg' ? 'jpg' : image;
  const text = head.toString('latin1');
  const found = marks.find(([, at, bytes]) => text.startsWith(bytes, at));
  return found?.[0] ?? extensionOf(name);
}

export const isPicture = (head: Buffer): boolean => imageFormat(head) !== undefined || bitmapSize(head) !== undefined;

/** undefined: it is no bitmap. */
export function bitmapSize(head: Buffer): { width: number; height: number } | undefined {
  if (head.length < 26 || head.toString('latin1', 0, 2) !== 'BM') return undefined;
  // A negative height says that its lines go downwards.
  return { width: Math.abs(head.readInt32LE(18)), height: Math.abs(head.readInt32LE(22)) };
}
