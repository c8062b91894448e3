// Gives a browser this project's own modules as they lie here, without their types, and the vendors' scripts.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const inPage = '/conformance/kit/in-page';
const imports = { 'node:assert/strict': `${inPage}/assert.ts`, 'node:timers/promises': `${inPage}/timers.ts` };
const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script><body></body>`;

export type ModuleServer = { readonly base: string; close(): void };

export async function openModuleServer(): Promise<ModuleServer> {
  const server = createServer(async (request, response) => {
    try {
      const [type, body] = await answer(new URL(request.url ?? '/', 'http://x').pathname);
      response.writeHead(200, { 'content-type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

async function answer(path: string): Promise<[type: string, body: string]> {
  if (path === '/') return ['text/html; charset=utf-8', page];
  const script = 'text/javascript; charset=utf-8';
  if (path.startsWith('/vendor/')) return [script, await readFile(require.resolve(path.slice(8)), 'utf8')];
  const file = normalize(path);
  if (!/^\/(conformance|server)\/.*\.ts$/.test(file)) throw new Error('nothing of ours');
  return [script, stripTypeScriptTypes(await readFile(join(root, file), 'utf8'))];
}
