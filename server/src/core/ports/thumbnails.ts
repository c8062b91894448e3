// Small versions of pictures. Decoding is dangerous work (bombs, broken files, whole processors), so it stands behind
// a port that bounds it.
import type { Readable } from 'node:stream';

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp';

export type Thumbnail = {
  /** Size of the picture as it is shown, that is after its EXIF rotation. */
  readonly width: number;
  readonly height: number;
  /** The small version: same format, aspect kept, never enlarged, inside a box of limits.thumbnailSideMax; no metadata. */
  readonly data: Buffer;
  readonly thumbWidth: number;
  readonly thumbHeight: number;
};

export interface Thumbnails {
  /**
   * Decodes a picture and makes it small; of an animation the first frame. `open` is called when it is this picture's
   * turn, at most once. Throws `bad-upload` (why: image) for what cannot be decoded or is larger than the limits, and
   * `unavailable` when too many are waiting; what `open` or its stream throws passes through.
   */
  make(format: ImageFormat, open: () => Promise<Readable>): Promise<Thumbnail>;
}
