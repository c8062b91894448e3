import type { Core } from '../core.ts';
import type { Media } from './media.ts';

/** Takes an upload and its thumbnail away: rows first, so that nobody is offered a file that is gone. */
export async function eraseUpload(
  { store, blobs }: Pick<Core, 'store' | 'blobs'>,
  { path, thumb }: Pick<Media, 'path' | 'thumb'>,
): Promise<void> {
  const paths = thumb === null ? [path] : [path, thumb];
  await store.media.remove(paths);
  await blobs.remove(paths);
}
