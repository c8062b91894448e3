// Which of the two places uploads go to. The one on S3 is loaded only where it is used.
import type { Blobs } from '../core/ports/blobs.ts';
import type { Log } from '../core/ports/log.ts';
import { openDiskBlobs } from './disk.ts';
import type { S3Options } from './s3.ts';

export type OpenBlobs = Blobs & { close(): Promise<void> };

/**
 * `s3` absent: files below the folder. A bucket that cannot be reached holds up nobody's start. `serving`: this is the
 * server and no command beside it, so abandoned uploads in the bucket are cleared away, at once and every hour.
 */
export async function openBlobs(options: {
  dir: string;
  s3: S3Options | undefined;
  log: Log;
  serving: boolean;
}): Promise<OpenBlobs> {
  if (!options.s3) return { ...(await openDiskBlobs(options)), close: async () => {} };
  const { openS3Blobs } = await import('./s3.ts');
  const blobs = openS3Blobs(options.s3, options.log);
  if (options.serving) blobs.keepClean();
  return blobs;
}
