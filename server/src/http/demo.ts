// The demo chat: the built page's files, read once, handed out with what a browser needs to keep them; and /demo.json,
// by which the page finds its app.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export type DemoApp = { readonly appId: string; readonly key: string };

export type DemoOptions = {
  readonly page: DemoPage;
  /** The app and its client key as they are now; undefined when somebody removed it. */
  readonly app: () => Promise<DemoApp | undefined>;
};

type Encoding = 'br' | 'gzip';
type DemoFile = {
  readonly type: string;
  readonly etag: string;
  readonly body: Buffer;
  readonly packed: { readonly [encoding in Encoding]?: Buffer };
};

/** By the path below `/`, such as `assets/index-1a2b.js`. */
export type DemoPage = ReadonlyMap<string, DemoFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Scripts of this origin alone, and no way to make one out of a text. Pictures: uploads, and those on their way up. */
const contentSecurity = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const pageHeaders = {
  'Content-Security-Policy': contentSecurity,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
};

/** The page built into `dir`; undefined when none is there. */
export async function readDemoPage(dir: string): Promise<DemoPage | undefined> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  const paths = names.map((name) => name.split(sep).join('/'));
  if (!paths.includes('index.html')) return undefined;
  const files = paths.filter((path) => extname(path) in types);
  return new Map(
    await Promise.all(
      files.map(async (path): Promise<[string, DemoFile]> => {
        const body = await readFile(join(dir, path));
        const twin = (ending: string) =>
          paths.includes(path + ending) ? readFile(join(dir, path + ending)) : undefined;
        const [br, gzip] = await Promise.all([twin('.br'), twin('.gz')]);
        const etag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
        return [path, { type: types[extname(path)] as string, etag, body, packed: { br, gzip } }];
      }),
    ),
  );
}

export async function demo(fastify: FastifyInstance, { page, app }: DemoOptions): Promise<void> {
  const handOut = (path: string) => async (request: FastifyRequest, reply: FastifyReply) => {
    const file = page.get(path) as DemoFile;
    const isPage = path.endsWith('.html');
    if (isPage) reply.headers(pageHeaders);
    // Vite writes a new name for new content below assets/; everything else is asked for again.
    reply.header('Cache-Control', path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    return send(request, reply, file);
  };
  for (const path of page.keys()) fastify.get(path === 'index.html' ? '/' : `/${path}`, handOut(path));
  fastify.get('/demo.json', async (_request, reply) => {
    const found = await app();
    return found ? reply.header('Cache-Control', 'no-store').send(found) : reply.callNotFound();
  });
}

function send(request: FastifyRequest, reply: FastifyReply, { type, etag, body, packed }: DemoFile): FastifyReply {
  const encoding = encodingFor(request.headers['accept-encoding'], packed);
  // Strong: each encoding is another sequence of bytes.
  const tag = `"${etag}${encoding ? `-${encoding}` : ''}"`;
  reply.headers({ ETag: tag, Vary: 'Accept-Encoding' }).type(type);
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known?.some((one) => one === tag || one === '*')) return reply.code(304).send();
  if (encoding) reply.header('Content-Encoding', encoding);
  return reply.send(encoding ? packed[encoding] : body);
}

/** The smallest that the browser takes. `q=0` refuses. */
function encodingFor(accepted: string | undefined, packed: DemoFile['packed']): Encoding | undefined {
  const taken = (accepted ?? '')
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim());
  return (['br', 'gzip'] as const).find((encoding) => packed[encoding] && taken.includes(encoding));
}
