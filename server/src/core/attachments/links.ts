// Where uploads are found over HTTP, and which upload an address names.
import { isUploadPath } from './paths.ts';

/** The prefix that uploaded files own. */
export const uploadsPrefix = '/uploads';

/** `publicUrl`: the origin that the reader sees, without a slash at its end. */
export const uploadUrl = (publicUrl: string, path: string): string => `${publicUrl}${uploadsPrefix}/${path}`;

/** undefined: it is no address of an upload. Whether there is such a file, and whose, is not known by its form. */
export function uploadPathOf(url: string): string | undefined {
  const [, path] = /^https?:\/\/[^/?#]+\/uploads\/([^?#]+)$/i.exec(url) ?? [];
  return path !== undefined && isUploadPath(path) ? path : undefined;
}
