// Files by the names that JMessage gives them: `im/<kind>/j/<32 upper-case hex digits>`. The digits are the upload's path,
// written in another way: its folder (8), its name (16), and its ending as a number (8).
import { uploadPathOf, uploadUrl } from '../../core/attachments/links.ts';

export type MediaKind = 'image' | 'file' | 'voice';

const form = /^im\/[a-z]+\/j\/([0-9A-F]{8})([0-9A-F]{16})([0-9A-F]{8})$/;
const pathForm = /^([0-9a-f]{8})\/([0-9a-f]{16})(?:\.([a-z0-9]{1,6}))?$/;
const letters = '.abcdefghijklmnopqrstuvwxyz0123456789';
/** Letters of an ending: seven would need more than the eight digits. */
export const endingCharsMax = 6;

/** undefined: a path that no id could name. */
export function mediaIdOf(kind: MediaKind, path: string): string | undefined {
  const [, folder, name, ending = ''] = pathForm.exec(path) ?? [];
  if (folder === undefined || name === undefined) return undefined;
  const number = [...ending].reduce((sum, letter) => sum * letters.length + letters.indexOf(letter), 0);
  return `im/${kind}/j/${`${folder}${name}${number.toString(16).padStart(8, '0')}`.toUpperCase()}`;
}

/** undefined: it was not given out here. */
export function pathOfMedia(mediaId: string): string | undefined {
  const [, folder, name, digits] = form.exec(mediaId) ?? [];
  if (folder === undefined || name === undefined || digits === undefined) return undefined;
  let ending = '';
  for (let rest = Number.parseInt(digits, 16); rest > 0; rest = Math.floor(rest / letters.length))
    ending = letters[rest % letters.length] + ending;
  const path = `${folder}/${name}`.toLowerCase();
  return ending === '' ? path : ending.includes('.') ? undefined : `${path}.${ending}`;
}

/** What other doors know a file by: an address; an id that was not given out here stays as it is. */
export function urlOfMedia(publicUrl: string, mediaId: string): string {
  const path = pathOfMedia(mediaId);
  return path === undefined ? mediaId : uploadUrl(publicUrl, path);
}

/** undefined: the file lies elsewhere, so it has no id. */
export function mediaIdOfUrl(kind: MediaKind, url: string): string | undefined {
  const path = uploadPathOf(url);
  if (path !== undefined) return mediaIdOf(kind, path);
  return /^[a-z][a-z0-9+.-]*:/i.test(url) ? undefined : url;
}
