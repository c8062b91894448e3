// What a message may point at. Only http and https; pictures, audio and video only from the server's own uploads, so
// that a message can neither run anything nor tell a stranger's site who is reading it.

export type Part = string | { href: string };

/** Blanks, quotes and the punctuation of Chinese end a link. */
const link = /https?:\/\/[^\s<>"'`，。！？、；：（）【】《》「」『』]+/gi;

/** A text in its parts: plain text, and links as they were written. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(link)) {
    const href = trimmed(match[0]);
    if (!webUrl(href)) continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({ href });
    end = match.index + href.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** The full stop after a link is not a part of it; a bracket is when it was opened inside. */
function trimmed(text: string): string {
  let end = text.length;
  for (;;) {
    const last = text[end - 1] as string;
    const isLoose = last === ')' && !text.slice(0, end).includes('(');
    if (!isLoose && !/[.,!?;:*_~]/.test(last)) return text.slice(0, end);
    end--;
  }
}

/** The address if it is one of the web, else undefined. */
export function webUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string' || text.length > 4096) return undefined;
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** Where an upload of this server is read from here; undefined for everything else. */
export function ownUpload(text: unknown): string | undefined {
  const url = webUrl(text);
  if (!url?.pathname.startsWith('/uploads/')) return undefined;
  const isHere = url.origin === location.origin || (isLoopback(url.hostname) && isLoopback(location.hostname));
  return isHere ? url.pathname : undefined;
}
