import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { openLog } from '../log.ts';
import { type DemoApp, readDemoPage } from './demo.ts';
import { type Http, openHttp } from './server.ts';

const html = '<!doctype html><title>chat</title>';
const script = `console.log(${JSON.stringify('x'.repeat(500))})`;

type Raw = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer };

describe('the demo page', () => {
  let dir: string;
  let http: Http;
  let url: string;
  let app: DemoApp | undefined = { appId: 'a', key: 'k' };

  /** As it stands on the wire: nothing unpacks it. */
  const get = (path: string, headers: Record<string, string> = {}): Promise<Raw> =>
    new Promise((resolve, reject) => {
      request(url + path, { headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      })
        .on('error', reject)
        .end();
    });

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hongyan-demo-'));
    await mkdir(join(dir, 'assets'));
    await writeFile(join(dir, 'index.html'), html);
    await writeFile(join(dir, 'notes.txt'), 'not for the web');
    await writeFile(join(dir, 'assets', 'index-1.js'), script);
    await writeFile(join(dir, 'assets', 'index-1.js.br'), brotliCompressSync(script));
    const page = await readDemoPage(dir);
    assert.ok(page);
    http = await openHttp({
      host: '127.0.0.1',
      port: 0,
      log: openLog({ level: 'silent' }),
      checks: [],
      demo: { page, app: async () => app },
    });
    ({ url } = await http.listen());
  });
  after(async () => {
    await http?.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('stands at / and lets no foreign or inline script run', async () => {
    const { status, headers, body } = await get('/');
    assert.equal(status, 200);
    assert.equal(body.toString(), html);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-frame-options'], 'DENY');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  it('is asked for again with its tag, and not sent twice', async () => {
    const { etag } = (await get('/')).headers;
    assert.match(String(etag), /^"[\w-]+"$/);
    const again = await get('/', { 'if-none-match': `"other", ${etag}` });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    assert.equal((await get('/', { 'if-none-match': '"other"' })).status, 200);
  });

  it('is sent packed to those who can unpack it, under a tag of its own', async () => {
    const plain = await get('/assets/index-1.js');
    const packed = await get('/assets/index-1.js', { 'accept-encoding': 'gzip, br;q=0.9' });
    assert.equal(packed.headers['content-encoding'], 'br');
    assert.equal(brotliDecompressSync(packed.body).toString(), script);
    assert.equal(plain.body.toString(), script);
    assert.notEqual(packed.headers.etag, plain.headers.etag);
    assert.equal(packed.headers.vary, 'Accept-Encoding');
    assert.match(String(packed.headers['cache-control']), /immutable/);
    const refused = await get('/assets/index-1.js', { 'accept-encoding': 'br;q=0' });
    assert.equal(refused.headers['content-encoding'], undefined);
  });

  it('hands out what was built and nothing else', async () => {
    for (const path of ['/notes.txt', '/assets/index-1.js.br', '/assets/../notes.txt', '/assets/'])
      assert.equal((await get(path)).status, 404, path);
    assert.equal(await readDemoPage(join(dir, 'assets')), undefined);
    assert.equal(await readDemoPage(join(dir, 'nowhere')), undefined);
  });

  it('tells its app as it is now', async () => {
    assert.deepEqual(JSON.parse((await get('/demo.json')).body.toString()), { appId: 'a', key: 'k' });
    assert.equal((await get('/demo.json')).headers['cache-control'], 'no-store');
    app = undefined;
    assert.equal((await get('/demo.json')).status, 404);
  });
});
