import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { picture } from '../../../../test/kit/pictures.ts';
import { formBody, openUploadDoor, post, raw, type UploadDoor } from '../../../../test/kit/upload-door.ts';
import { expireUploads } from '../../../core/attachments/expire.ts';
import { dayMs } from '../../../core/messages/expire.ts';

let door: UploadDoor;
let url = '';
before(async () => {
  door = await openUploadDoor();
  url = await put('0123456789', 'digits.txt', 'text/plain');
});
after(() => door.close());

async function put(content: Buffer | string, fileName: string, type?: string): Promise<string> {
  const body = formBody('b', [{ field: 'attachment', fileName, type, content }]);
  const answer = await post(door, 'multipart/form-data; boundary=b', body, body.length);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return (answer.body as string[])[0] ?? '';
}
const get = (headers: Record<string, string> = {}, method = 'GET', of = url) => fetch(of, { method, headers });

describe('reading', () => {
  it('[CORE-60] the whole file, with its size, tag and type', async () => {
    const answer = await get();
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), '0123456789');
    assert.equal(answer.headers.get('content-length'), '10');
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(answer.headers.get('accept-ranges'), 'bytes');
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.match(answer.headers.get('cache-control') ?? '', /max-age=\d+/);
    assert.match(answer.headers.get('etag') ?? '', /^"[0-9a-f-]+"$/);
  });

  it('[CORE-60] HEAD tells the same without the bytes', async () => {
    const [head, whole] = [await get({}, 'HEAD'), await get()];
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
    await whole.text();
    for (const name of ['content-length', 'content-type', 'etag', 'content-disposition']) {
      assert.equal(head.headers.get(name), whole.headers.get(name), name);
    }
  });

  const ranges: [range: string, status: number, body: string, contentRange: string | null][] = [
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=9-9', 206, '9', 'bytes 9-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, '0123456789', null],
    ['bytes=0-1,4-5', 200, '0123456789', null],
    ['lines=0-1', 200, '0123456789', null],
    ['bytes=-', 200, '0123456789', null],
    ['bytes=99999999999999999999-', 200, '0123456789', null],
  ];
  for (const [range, status, body, contentRange] of ranges) {
    it(`[CORE-60] Range: ${range} answers ${status}`, async () => {
      const answer = await get({ range });
      assert.deepEqual(
        [answer.status, await answer.text(), answer.headers.get('content-range')],
        [status, body, contentRange],
      );
      const head = await get({ range }, 'HEAD');
      assert.equal(head.status, status);
      if (status !== 416) assert.equal(head.headers.get('content-length'), String(body.length));
    });
  }

  it('[CORE-60] a tag that the client has answers 304, another one the file', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    for (const given of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await get({ 'if-none-match': given });
      assert.deepEqual([answer.status, await answer.text(), answer.headers.get('etag')], [304, '', etag]);
    }
    assert.equal((await get({ 'if-none-match': '"x"' })).status, 200);
  });

  it('[CORE-60] a range of another version is answered with the whole file', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    assert.equal((await get({ range: 'bytes=0-1', 'if-range': etag })).status, 206);
    assert.equal((await get({ range: 'bytes=0-1', 'if-range': '"x"' })).status, 200);
  });

  it('[CORE-60] a file of several megabytes arrives whole, and a reader who leaves does no harm', async () => {
    const bytes = Buffer.alloc(5_000_000, 'ab');
    const large = await put(bytes, 'large.bin');
    const cut = await fetch(large);
    await cut.body?.cancel();
    assert.ok(Buffer.from(await (await fetch(large)).arrayBuffer()).equals(bytes));
  });

  it('[CORE-60] a file whose bytes are gone is not found, and no cache is told to keep that', async () => {
    const lost = await put('lost', 'lost.txt');
    await door.files.core.blobs.remove([new URL(lost).pathname.slice('/uploads/'.length)]);
    const answer = await get({ range: 'bytes=1-2' }, 'GET', lost);
    assert.deepEqual(
      [answer.status, answer.headers.get('etag'), answer.headers.get('content-range')],
      [404, null, null],
    );
    assert.doesNotMatch(answer.headers.get('cache-control') ?? '', /immutable/);
    assert.equal(((await answer.json()) as { errorCode: number }).errorCode, 5004);
  });

  const missing = [
    '/uploads/00000000/0000000000000000.txt',
    '/uploads/00000000',
    '/uploads/..%2f..%2fetc/passwd',
    '/uploads/%2e%2e/%2e%2e%2fhongyan.db',
    '/uploads/.incoming/x',
    '/uploads/aabbccdd/%00',
  ];
  for (const path of missing) {
    it(`[CORE-51] ${path} is not there`, async () => {
      const answer = await raw(door, Buffer.from(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
      assert.match(answer, /^HTTP\/1\.1 404 /);
    });
  }
});

describe('safety', () => {
  const downloads: [name: string, type: string, content: string][] = [
    ['page.html', 'text/html', '<script>alert(1)</script>'],
    ['page.html', 'TEXT/HTML; charset=utf-8', '<script>alert(1)</script>'],
    ['drawing.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'],
    ['data.xml', 'text/xml', '<a/>'],
    ['data.xhtml', 'application/xhtml+xml', '<html/>'],
    ['code.js', 'text/javascript', 'alert(1)'],
    ['app.wasm', 'application/wasm', 'x'],
    ['unknown', 'application/octet-stream', '<html>'],
    ['odd', 'text/html\tx', '<html>'],
  ];
  for (const [name, type, content] of downloads) {
    it(`[CORE-61] ${name} of type ${JSON.stringify(type)} is only downloaded`, async () => {
      const { headers } = await get({}, 'GET', await put(content, name, type));
      assert.match(headers.get('content-disposition') ?? '', /^attachment/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('content-security-policy') ?? '', /sandbox/);
    });
  }

  const shown: [name: string, type: string][] = [
    ['voice.amr', 'audio/amr'],
    ['clip.mp4', 'video/mp4'],
    ['notes.txt', 'text/plain'],
    ['paper.pdf', 'application/pdf'],
  ];
  for (const [name, type] of shown) {
    it(`[CORE-61] ${name} is shown in place, never guessed at`, async () => {
      const { headers } = await get({}, 'GET', await put('x', name, type));
      assert.match(headers.get('content-disposition') ?? '', /^inline/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    });
  }

  it('[CORE-61] a picture is served as what it is, whatever its sender called it', async () => {
    const { headers } = await get({}, 'GET', await put(await picture('png', 20, 20), 'page.html', 'text/html'));
    assert.equal(headers.get('content-type'), 'image/png');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  it('[CORE-61] a file’s name cannot break out of its header, and is told in UTF-8', async () => {
    const { headers } = await get({}, 'GET', await put('x', '照片 (1)%22;x.zip', 'application/zip'));
    const disposition = headers.get('content-disposition') ?? '';
    assert.match(disposition, /^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w%.-]+$/);
    const encoded = disposition.split("UTF-8''")[1] ?? '';
    assert.equal(decodeURIComponent(encoded), '照片 (1)%22;x.zip');
    assert.doesNotMatch(/filename="([^"]*)"/.exec(disposition)?.[1] ?? '', /["\\]/);
  });
});

it('[CORE-62] an expired upload is not found', async () => {
  await door.files.set({ attachmentDays: 7 });
  const old = await put('hello', 'old.txt');
  door.files.now += 8 * dayMs;
  await expireUploads(door.files.core, await door.files.app());
  const answer = await fetch(old);
  assert.deepEqual([answer.status, ((await answer.json()) as { errorCode: number }).errorCode], [404, 5004]);
});
