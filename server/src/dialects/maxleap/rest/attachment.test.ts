import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { eventually } from '../../../../test/kit/eventually.ts';
import { bombPng, picture } from '../../../../test/kit/pictures.ts';
import {
  type FormPart,
  formBody,
  openUploadDoor,
  type Posted,
  post,
  raw,
  type UploadDoor,
} from '../../../../test/kit/upload-door.ts';

let door: UploadDoor;
before(async () => {
  door = await openUploadDoor();
});
after(() => door.close());

const boundary = 'XyZ-0123456789';
const mib = 1024 * 1024;
const send = (parts: FormPart[], contentType = `multipart/form-data; boundary=${boundary}`): Promise<Posted> => {
  const body = formBody(boundary, parts);
  return post(door, contentType, body, body.length);
};
const file = (content: Buffer | string, fileName = 'a.txt', field = 'attachment'): FormPart => ({
  field,
  fileName,
  content,
});
const urls = (posted: Posted): string[] => {
  assert.equal(posted.status, 200, JSON.stringify(posted.body));
  assert.match(String(posted.headers['content-type']), /^application\/json/);
  return posted.body as string[];
};
const bytesAt = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());

/** What must be refused with this answer, leaving no file behind. */
async function refused(act: () => Promise<Posted>, status: number, errorCode: number): Promise<void> {
  const stored = await door.files.stored();
  const { status: got, body } = await act();
  assert.deepEqual([got, (body as { errorCode: number }).errorCode], [status, errorCode]);
  assert.equal(typeof (body as { errorMessage: unknown }).errorMessage, 'string');
  assert.deepEqual(await door.files.stored(), stored);
}

describe('uploading', () => {
  it('[ML-86] a PNG of 400 × 300 answers two URLs, the second one a 4:3 thumbnail inside 128 × 128', async () => {
    const png = await picture('png', 400, 300);
    const [original = '', thumb = '', ...more] = urls(await send([{ ...file(png, 'Photo.PNG'), type: 'image/png' }]));
    assert.deepEqual(more, []);
    const match = /^(.+\/[0-9a-f]{8}\/[0-9a-f]{8,})\.png$/.exec(original);
    assert.ok(match && original.startsWith(`${door.url}/uploads/`));
    assert.equal(thumb, `${match[1]}.sm.png`);
    const { width = 0, height = 0, format } = await sharp(await bytesAt(thumb)).metadata();
    assert.ok(width <= 128 && height <= 128);
    assert.deepEqual([width / height, format], [4 / 3, 'png']);
  });

  for (const field of ['attachment', 'userfile', 'anything']) {
    it(`[ML-87] a text file in field ${field} answers one URL`, async () => {
      const [url = '', ...more] = urls(await send([file('hello', 'hello.txt', field)]));
      assert.match(url, /\.txt$/);
      assert.deepEqual(more, []);
    });
  }

  it('[ML-89] the URL answers the same bytes without credentials', async () => {
    const bytes = randomBytes(1_000_000);
    const [url = ''] = urls(await send([file(bytes, 'data.bin')]));
    assert.ok((await bytesAt(url)).equals(bytes));
  });

  it('[CORE-59] the first part with a file name counts, other parts are ignored', async () => {
    const [url = ''] = urls(
      await send([
        { field: 'note', content: 'x'.repeat(100_000) },
        { field: 'blob', type: 'application/octet-stream', content: randomBytes(10_000) },
        { field: 'empty', fileName: '', content: '' },
        file('first', 'one.txt', 'userfile'),
        file('second', 'two.txt'),
        { field: 'after', content: 'y' },
      ]),
    );
    assert.equal(String(await bytesAt(url)), 'first');
  });
});

describe('odd headers of real clients', () => {
  const accepted = [
    `multipart/form-data;; boundary=${boundary}`,
    `multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW; boundary=${boundary}`,
    `multipart/form-data; boundary="${boundary}"; charset=utf-8`,
    `Multipart/Form-Data;charset="a;b";BOUNDARY=${boundary};`,
  ];
  for (const header of accepted) {
    it(`[ML-88] ${header} is accepted`, async () => {
      assert.equal(urls(await send([file('hello')], header)).length, 1);
    });
  }

  const curl = async (header: string, content: string): Promise<unknown> => {
    const folder = await mkdtemp(join(tmpdir(), 'hongyan-curl-'));
    const path = join(folder, 'note.txt');
    await writeFile(path, content);
    const { stdout } = await promisify(execFile)('curl', [
      ...['-sS', '-X', 'POST', '-H', header, '-F', `attachment=@${path}`, `${door.url}/attachment`],
    ]).finally(() => rm(folder, { recursive: true }));
    return JSON.parse(stdout);
  };
  const documented = [
    'Content-Type: multipart/form-data;',
    'Content-Type: multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW',
  ];
  for (const header of documented) {
    it(`[ML-88] curl told to send "${header}" uploads`, async (context) => {
      const missing = await promisify(execFile)('curl', ['--version']).then(
        () => false,
        () => true,
      );
      if (missing) return context.skip('there is no curl here');
      const [url] = (await curl(header, 'by curl')) as [string];
      assert.equal(String(await bytesAt(url)), 'by curl');
    });
  }
});

describe('refusals', () => {
  it('[ML-90] 20 MB are taken, one byte more is not, whether the length is told or not', async () => {
    const most = Buffer.alloc(20 * mib, 1);
    const [url = ''] = urls(await send([file(most, 'big.bin')]));
    assert.equal((await bytesAt(url)).length, most.length);
    const more = formBody(boundary, [file(Buffer.alloc(20 * mib + 1, 1), 'big.bin')]);
    const type = `multipart/form-data; boundary=${boundary}`;
    await refused(() => post(door, type, more, more.length), 413, 5011);
    await refused(() => post(door, type, more), 413, 5011);
  });

  it('[CORE-57] a length that promises more than comes is not waited for', async () => {
    const more = formBody(boundary, [file(Buffer.alloc(20 * mib + 1, 1), 'big.bin')]);
    await refused(
      async () => {
        const answer = await raw(door, Buffer.concat([head(2 ** 40), more]));
        assert.match(answer, /connection: close/i);
        return parseRaw(answer);
      },
      413,
      5011,
    );
  });

  it('[CORE-57] a length that promises less than comes cuts the form', async () => {
    const stored = await door.files.stored();
    const more = formBody(boundary, [file(Buffer.alloc(1000), 'a.bin')]);
    const { status } = parseRaw(await raw(door, Buffer.concat([head(500), more])));
    assert.equal(status, 400);
    await eventually('nothing is left', async () => (await door.files.stored()).length === stored.length);
  });

  it('[CORE-59] parts without a file are bounded too', async () => {
    const parts = [{ field: 'junk', content: Buffer.alloc(22 * mib) }, file('hello')];
    await refused(() => send(parts), 413, 5011);
  });

  const broken: [what: string, contentType: string, body: Buffer][] = [
    [
      'a form without a file',
      `multipart/form-data; boundary=${boundary}`,
      formBody(boundary, [{ field: 'attachment', content: 'hello' }]),
    ],
    ['an empty form', `multipart/form-data; boundary=${boundary}`, formBody(boundary, [])],
    ['no body', `multipart/form-data; boundary=${boundary}`, Buffer.alloc(0)],
    ['an empty file', `multipart/form-data; boundary=${boundary}`, formBody(boundary, [file('')])],
    ['a file without a name', `multipart/form-data; boundary=${boundary}`, formBody(boundary, [file('x', '')])],
    [
      'a form that does not end',
      `multipart/form-data; boundary=${boundary}`,
      formBody(boundary, [file('hello')], false),
    ],
    [
      'a form that ends in a later part',
      `multipart/form-data; boundary=${boundary}`,
      formBody(boundary, [file('hello'), file('x')], false).subarray(0, -20),
    ],
    ['another boundary than the header’s', 'multipart/form-data; boundary=other', formBody(boundary, [file('hello')])],
    ['no boundary', 'multipart/form-data', formBody(boundary, [file('hello')])],
    ['an empty boundary', 'multipart/form-data; boundary=""', formBody(boundary, [file('hello')])],
    ['JSON', 'application/json', Buffer.from('{"attachment":"x"}')],
    ['text', 'text/plain', Buffer.from('hello')],
    ['something unheard of', 'nonsense', Buffer.from('hello')],
    ['binary noise', `multipart/form-data; boundary=${boundary}`, randomBytes(5_000)],
  ];
  for (const [what, contentType, body] of broken) {
    it(`[ML-90] ${what} is no upload`, () => refused(() => post(door, contentType, body, body.length), 400, 5012));
  }

  it('[CORE-55] a picture that cannot be decoded is refused', async () => {
    const png = await picture('png', 400, 300);
    await refused(() => send([file(png.subarray(0, png.length - 60), 'a.png')]), 400, 5007);
    await refused(() => send([file(bombPng(60_000, 60_000), 'a.png')]), 400, 5007);
  });

  it('[CORE-58] an upload that is broken off leaves nothing', async () => {
    const stored = await door.files.stored();
    const socket = connect(door.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(Buffer.concat([head(10 * mib), formBody(boundary, [file(randomBytes(2 * mib))], false)]));
    await eventually('the file is being written', async () => (await door.files.stored()).length > stored.length);
    socket.destroy();
    await eventually('it is gone', async () => (await door.files.stored()).length === stored.length);
  });

  it('[CORE-58] a storage that fails is said so', async () => {
    const { blobs } = door.files.core;
    const { write } = blobs;
    blobs.write = () => Promise.reject(new Error('no space left on device'));
    try {
      await refused(() => send([file('hello')]), 502, 5006);
    } finally {
      blobs.write = write;
    }
  });
});

const head = (length: number): Buffer =>
  Buffer.from(
    `POST /attachment HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${length}\r\n\r\n`,
  );

function parseRaw(answer: string): Posted {
  const [first = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(first.split(' ')[1]), body: JSON.parse(body), headers: {} };
}
