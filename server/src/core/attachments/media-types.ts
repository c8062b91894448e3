// What a file is: by its first bytes, by what its sender says, and by its name, in this order of trust.
import type { ImageFormat } from '../ports/thumbnails.ts';

/** First bytes that `imageFormat` needs to see. */
export const headBytes = 12;

/** A picture of the four formats that get a thumbnail, by its first bytes. */
export function imageFormat(head: Buffer): ImageFormat | undefined {
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  const text = head.toString('latin1', 0, headBytes);
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  return undefined;
}

// A map, because endings come from outside and must not reach a prototype.
const typeByExtension = new Map(
  Object.entries({
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    png: 'image/png',
    gif: 'image/gif',
    webp: 'image/webp',
    bmp: 'image/bmp',
    heic: 'image/heic',
    avif: 'image/avif',
    svg: 'image/svg+xml',
    mp3: 'audio/mpeg',
    m4a: 'audio/mp4',
    aac: 'audio/aac',
    amr: 'audio/amr',
    wav: 'audio/wav',
    ogg: 'audio/ogg',
    caf: 'audio/x-caf',
    mp4: 'video/mp4',
    mov: 'video/quicktime',
    webm: 'video/webm',
    '3gp': 'video/3gpp',
    txt: 'text/plain',
    html: 'text/html',
    htm: 'text/html',
    csv: 'text/csv',
    json: 'application/json',
    xml: 'application/xml',
    js: 'text/javascript',
    pdf: 'application/pdf',
    zip: 'application/zip',
  }),
);

// Where several endings share a type, the first one stands for it.
const extensionByType = new Map([...typeByExtension].reverse().map(([extension, type]) => [type, extension]));

const plainType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;
const plainExtension = /\.([A-Za-z0-9]{1,8})$/;
const unknownType = 'application/octet-stream';

/** Ending of a name in lower case, without its dot; '' when there is none, or none that may stand in a URL. */
export const extensionOf = (name: string): string => plainExtension.exec(name)?.[1]?.toLowerCase() ?? '';

/** The media type as `type/subtype`, without parameters. What the sender cannot say, the name tells. */
export function typeOf(declared: string | undefined, name: string, image: ImageFormat | undefined): string {
  if (image) return `image/${image}`;
  const bare = declared?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const said = plainType.test(bare) ? bare : unknownType;
  // Two types say nothing: the unknown one, and text/plain, which stands for a type that was not sent.
  if (said !== unknownType && said !== 'text/plain') return said;
  return typeByExtension.get(extensionOf(name)) ?? said;
}

/** Ending for the path: the name's own, else the type's (a browser's Blob arrives without a name's ending), else ''. */
export const pathExtension = (name: string, type: string): string =>
  extensionOf(name) || (extensionByType.get(type) ?? '');

/**
 * True when a browser may show the type on our origin. Everything that could carry a script (HTML, SVG, XML) and
 * everything unknown is only ever downloaded.
 */
export function shownInline(type: string): boolean {
  if (type.endsWith('+xml')) return false;
  if (/^(image|audio|video)\//.test(type)) return true;
  return type === 'text/plain' || type === 'application/json' || type === 'application/pdf';
}
