// Bytes of uploads. Paths are made by the core (`<8 hex>/<16 hex>.<ext>`), never by a client.
import type { Readable } from 'node:stream';

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
}
