// `/`: a line for whoever opens the server in a browser. `/docs`: the doors' OpenAPI documents, browsable without any
// outside server: the viewer's files come from an installed package and are read when they are first asked for.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

export type OpenApiDocument = { readonly title: string; readonly url: string };

/** Nothing from elsewhere, no script in the page itself. The viewer sets styles on elements. */
const contentSecurity = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function sendHtml(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({
      'Content-Security-Policy': contentSecurity,
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    })
    .send(html);
}

const viewerFiles: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = (title: string, head: string, body: string): string =>
  `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${title}</title>\n${head}\n${body}\n</html>\n`;

const viewerPage = page(
  'Hongyan API',
  '<link rel="stylesheet" href="/docs/viewer/swagger-ui.css">\n<link rel="icon" href="/docs/viewer/favicon-32x32.png">',
  '<div id="viewer"></div>\n<script src="/docs/viewer/swagger-ui-bundle.js"></script>\n<script src="/docs/viewer/start.js"></script>',
);

const welcomePage = page(
  'Hongyan 鸿雁',
  '<style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}</style>',
  '<h1>Hongyan 鸿雁</h1>\n<p>The server is running. The API is described in <a href="/docs">/docs</a>.</p>\n<p lang="zh-Hans">服务器正在运行。接口文档见 <a href="/docs">/docs</a>。</p>',
);

/** One document alone is shown without the chooser, which takes the place of the address line. */
function viewerStart(documents: readonly OpenApiDocument[]): string {
  const urls = JSON.stringify(documents.map(({ title, url }) => ({ title, url })));
  return (
    `const urls = ${urls};\n` +
    'const presets = [SwaggerUIBundle.presets.apis];\n' +
    'const chosen = urls.find(({ title }) => title === decodeURIComponent(location.hash.slice(1))) ?? urls[0];\n' +
    "const bar = document.createElement('p');\n" +
    "bar.style.cssText = 'font:1rem system-ui,sans-serif;margin:1rem 1.5rem;display:flex;gap:1rem';\n" +
    "for (const { title } of urls) {\n  const link = document.createElement('a');\n  link.href = '#' + encodeURIComponent(title);\n  link.textContent = title;\n  link.addEventListener('click', () => setTimeout(() => location.reload()));\n  bar.append(link);\n}\n" +
    'document.body.prepend(bar);\n' +
    "if (chosen) SwaggerUIBundle({ url: chosen.url, dom_id: '#viewer', presets, layout: 'BaseLayout', validatorUrl: null });\n"
  );
}

/** `hasOwnPage`: something else answers at `/`. */
export async function docs(
  app: FastifyInstance,
  { documents, hasOwnPage }: { documents: readonly OpenApiDocument[]; hasOwnPage: boolean },
): Promise<void> {
  if (!hasOwnPage) app.get('/', async (_request, reply) => sendHtml(reply, welcomePage));
  app.get('/docs', async (_request, reply) => sendHtml(reply, viewerPage));
  app.get<{ Params: { file: string } }>('/docs/viewer/:file', async (request, reply) => {
    const { file } = request.params;
    if (file === 'start.js')
      return reply
        .type('text/javascript; charset=utf-8')
        .header('Cache-Control', 'no-cache')
        .send(viewerStart(documents));
    const type = Object.hasOwn(viewerFiles, file) ? viewerFiles[file] : undefined;
    if (type === undefined) return reply.callNotFound();
    const folder = dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json'));
    return reply
      .type(type)
      .header('Cache-Control', 'public, max-age=86400')
      .send(await readFile(join(folder, 'static', file)));
  });
}
