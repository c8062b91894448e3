const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first character as a reader counts them, for an avatar. */
export function initial(name: string): string {
  const text = name.trim();
  const first = segmenter ? segmenter.segment(text)[Symbol.iterator]().next().value?.segment : [...text][0];
  return (first ?? '?').toLocaleUpperCase();
}

/** One of `count` colours, the same for the same name everywhere. */
export function colourOf(id: string, count: number): number {
  let sum = 7;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) as number)) >>> 0;
  return sum % count;
}

/** A name as it is kept; undefined when it cannot be one. */
export function userName(text: string): string | undefined {
  const name = text.normalize('NFC').trim();
  return name && [...name].length <= 24 && !/\p{Cc}/u.test(name) ? name : undefined;
}

/** Names typed in a row. */
export const namesIn = (text: string): string[] => [
  ...new Set(text.split(/[\s,，、;；]+/).flatMap((word) => userName(word) ?? [])),
];

// A user's id is of letters, digits, _ and -. A name of those is its own id; any other is written in base64url, so that
// everybody can read it back without asking.
const mark = 'n--';

export function idOf(name: string): string {
  if (/^[\w-]+$/.test(name) && !name.startsWith(mark)) return name;
  const bytes = String.fromCharCode(...new TextEncoder().encode(name));
  return mark + btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** What a user with that id is called. */
export function nameFrom(id: string): string {
  if (!id.startsWith(mark)) return id;
  try {
    const bytes = atob(id.slice(mark.length).replace(/-/g, '+').replace(/_/g, '/'));
    const name = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));
    return userName(name) ?? id;
  } catch {
    return id;
  }
}
