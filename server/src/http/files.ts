// Uploaded files as answers: ranges, caching, and nothing that a browser would run on our origin. A file never changes and
// never runs: what a browser would execute is only ever downloaded.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Media } from '../core/attachments/media.ts';
import { shownInline } from '../core/attachments/media-types.ts';
import { isUploadPath } from '../core/attachments/paths.ts';
import { storageFailed } from '../core/attachments/upload.ts';
import type { Core } from '../core/core.ts';
import { ImError } from '../core/errors.ts';
import type { Blobs } from '../core/ports/blobs.ts';

export type FilePorts = Pick<Core, 'store' | 'blobs'>;

/** Of a GET or HEAD. `caching`: who may keep it and for how long. Throws `media-not-found`, and what the storage throws. */
export async function serveFile(
  core: FilePorts,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  caching = 'public, max-age=604800, immutable',
): Promise<FastifyReply> {
  const media = isUploadPath(path) ? await core.store.media.byPath(path) : undefined;
  if (!media) throw gone();
  const etag = etagOf(media);
  if (matches(request.headers['if-none-match'], etag))
    return reply.code(304).headers(cachingHeaders(etag, caching)).send();

  const ifRange = request.headers['if-range'];
  const wanted = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = rangeOf(wanted, media.bytes);
  if (range === 'unsatisfiable') {
    return reply
      .code(416)
      .headers({ ...cachingHeaders(etag, caching), 'Content-Range': `bytes */${media.bytes}` })
      .send();
  }
  // Opened before anything is promised: a 404 must not carry a file's headers.
  if (core.blobs.link && request.method !== 'HEAD') return redirect(core.blobs.link, media, reply);
  const body = request.method === 'HEAD' ? undefined : await core.blobs.read(path, range).catch(storageFailed);
  if (!body && request.method !== 'HEAD') throw gone();
  const { start, end } = range ?? { start: 0, end: media.bytes - 1 };
  if (range) reply.code(206).header('Content-Range', `bytes ${start}-${end}/${media.bytes}`);
  reply.headers({ ...cachingHeaders(etag, caching), ...fileHeaders(media), 'Content-Length': end - start + 1 });
  return reply.send(body);
}

/** The storage answers ranges itself; what a browser would execute is still only downloaded. */
async function redirect(link: NonNullable<Blobs['link']>, media: Media, reply: FastifyReply): Promise<FastifyReply> {
  const headers = fileHeaders(media);
  const target = await link(media.path, { type: headers['Content-Type'], disposition: headers['Content-Disposition'] });
  return reply
    .code(302)
    .headers({
      Location: target.url,
      // Whoever keeps the answer must be able to follow it to its end.
      'Cache-Control': `private, max-age=${Math.floor(target.seconds / 2)}`,
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    })
    .send();
}

const gone = () => new ImError('media-not-found', 'there is no such file');

/** Read from any page, and not for ever: an app may let its uploads expire. */
const cachingHeaders = (etag: string, caching: string) => ({
  ETag: etag,
  'Cache-Control': caching,
  'Accept-Ranges': 'bytes',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag',
  'Cross-Origin-Resource-Policy': 'cross-origin',
});

function fileHeaders(media: Media) {
  const inline = shownInline(media.type);
  return {
    'Content-Type': media.type.startsWith('text/') ? `${media.type}; charset=utf-8` : media.type,
    'X-Content-Type-Options': 'nosniff',
    'Content-Disposition': `${inline ? 'inline' : 'attachment'}${fileNameParameters(media.name)}`,
    // A sandboxed PDF is not shown by Chrome, and its scripts never run on our origin.
    ...(media.type === 'application/pdf' ? {} : { 'Content-Security-Policy': contentSecurity }),
  };
}

const contentSecurity = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/** RFC 6266: a plain name for old clients, and the true one in UTF-8 where the two differ. */
function fileNameParameters(name: string): string {
  if (name === '') return '';
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  if (plain === name) return `; filename="${plain}"`;
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** A path is written once, so its size and checksum say all. */
const etagOf = ({ bytes, crc32, createdAt }: Media): string =>
  `"${(crc32 ?? createdAt).toString(16)}-${bytes.toString(16)}"`;

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((given) => given.trim() === '*' || given.trim().replace(/^W\//, '') === etag);
}

/** One range; several, another unit and nonsense count as none, which RFC 9110 allows. */
function rangeOf(
  header: string | undefined,
  bytes: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= bytes) return 'unsatisfiable';
  return { start, end: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) };
}
