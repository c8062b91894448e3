// Uploads: the file is a blob, what the server knows of it is a row.

import type { JsonObject } from '../json.ts';

export type Media = {
  /** Path below the uploads' prefix, as it stands in the URL: `<8 hex>/<16 hex>.<ext>`. */
  readonly path: string;
  readonly app: number;
  readonly type: string;
  readonly bytes: number;
  /** Name the uploader gave, without folders. */
  readonly name: string;
  readonly width: number | null;
  readonly height: number | null;
  /** Path of the thumbnail, when there is one. */
  readonly thumb: string | null;
  readonly crc32: number | null;
  readonly createdAt: number;
  /** Whatever else the application keeps with it. */
  readonly attributes?: JsonObject;
};

export interface MediaReads {
  byPath(path: string): Promise<Media | undefined>;
  /** By its path without the ending; no thumbnail. */
  byStem(stem: string): Promise<Media | undefined>;
  /** Uploads of an app that are older than `before`, oldest first. */
  olderThan(app: number, before: number, limit: number): Promise<Media[]>;
}

export interface MediaWrites {
  put(media: Media): Promise<void>;
  remove(paths: readonly string[]): Promise<void>;
}
