// Bytes of uploads. Paths are made by the core (`<8 hex>/<16 hex>.<ext>`), never by a client.
import type { Readable } from 'node:stream';

/** What a browser shall believe of a file that it fetches elsewhere. */
export type LinkHeaders = { readonly type: string; readonly disposition: string };

export interface Blobs {
  /**
   * Stores the stream under the path. Durable when it resolves; on any failure, also of the source, nothing is left
   * and the error is thrown. A path is written once.
   */
  write(path: string, source: Readable): Promise<{ bytes: number }>;
  /** `range` in bytes, both ends inclusive. undefined when there is no such blob. */
  read(path: string, range?: { start: number; end: number }): Promise<Readable | undefined>;
  /** Missing paths are ignored. */
  remove(paths: readonly string[]): Promise<void>;
  /** Where a reader fetches the blob himself, for so many seconds. Absent: he gets it from us. */
  link?(path: string, headers: LinkHeaders): Promise<{ url: string; seconds: number }>;
}
