// Names of uploaded files: `<8 hex>/<16 hex>.<ext>`, the thumbnail's `<8 hex>/<16 hex>.sm.<ext>`.
import { createHash } from 'node:crypto';
import { hexId } from '../ids.ts';

const uploadPath = /^[0-9a-f]{8}\/[0-9a-f]{8,64}(\.sm)?(\.[a-z0-9]{1,8})?$/;

/** Whether a path has the form that the core gives to uploads: nothing else is ever looked for. */
export const isUploadPath = (path: string): boolean => uploadPath.test(path);

/** The folder is the same for all uploads of an app; the name cannot be guessed. `extension` '' = none. */
export function newUploadPath(appId: string, extension: string): string {
  const folder = createHash('sha256').update(appId).digest('hex').slice(0, 8);
  return `${folder}/${hexId(16)}${extension === '' ? '' : `.${extension}`}`;
}

/** `.sm` goes before the ending, or to the end where there is none. */
export function thumbnailPath(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? `${path}.sm` : `${path.slice(0, dot)}.sm${path.slice(dot)}`;
}
