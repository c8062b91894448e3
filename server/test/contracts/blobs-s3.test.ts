import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { openS3Blobs, s3Bounds, tryS3 } from '../../src/blobs/s3.ts';
import { eventually } from '../kit/eventually.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { openS3Server, type S3Server } from '../kit/s3.ts';
import { blobsSuite } from './blobs.suite.ts';

const mib = 1024 * 1024;
/** Short, so that a test of a silence takes no minute. */
const impatient = { ...s3Bounds, answerMs: 300, attempts: 1 };
const newPath = () => `${randomBytes(4).toString('hex')}/${randomBytes(8).toString('hex')}.bin`;
const streamOf = (...chunks: Buffer[]) => Readable.from(chunks, { objectMode: false });

let s3: S3Server;
let open: (bounds?: typeof s3Bounds) => ReturnType<typeof openS3Blobs>;
const opened: ReturnType<typeof openS3Blobs>[] = [];
const servers: Server[] = [];
before(async () => {
  s3 = await openS3Server();
  open = (bounds) => {
    const blobs = openS3Blobs(s3.options, quietLog, bounds);
    opened.push(blobs);
    return blobs;
  };
});
afterEach(async () => {
  s3.silence();
});
after(async () => {
  await Promise.all(opened.map((blobs) => blobs.close()));
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  await s3.close();
});

blobsSuite('S3', async () => ({ blobs: open(), everything: () => s3.everything() }));

describe('parts', () => {
  it('[CORE-181] what is larger than a part goes in parts, and is read back whole and in ranges', async () => {
    const blobs = open();
    const path = newPath();
    const bytes = randomBytes(12 * mib);
    const pieces = Array.from({ length: 48 }, (_, n) => bytes.subarray((n * mib) / 4, ((n + 1) * mib) / 4));
    assert.deepEqual(await blobs.write(path, streamOf(...pieces)), { bytes: bytes.length });
    assert.equal(s3.requests.filter((request) => request.includes(path) && request.includes('partNumber')).length, 3);
    assert.ok((await buffer((await blobs.read(path)) as Readable)).equals(bytes));
    const range = { start: 5 * mib - 3, end: 5 * mib + 2 };
    assert.ok(
      (await buffer((await blobs.read(path, range)) as Readable)).equals(bytes.subarray(5 * mib - 3, 5 * mib + 3)),
    );
    assert.ok((await s3.everything()).includes(`chat/${path}`));
    await blobs.remove([path]);
  });

  it('[CORE-181] a source runs ahead of the storage by two parts at most', async () => {
    const blobs = open();
    s3.silence((request) => request.includes('partNumber=1'));
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (; given < 40 * mib; given += mib) yield Buffer.alloc(mib);
    }
    const path = newPath();
    const writing = blobs.write(path, Readable.from(endless(), { objectMode: false }));
    await eventually('the first part is on its way', () =>
      s3.requests.some((request) => request.includes(path) && request.includes('partNumber=1')),
    );
    for (let turn = 0; turn < 200; turn += 1) await setImmediate();
    assert.ok(given <= 10 * mib, `${given} bytes were taken`);
    s3.silence();
    assert.deepEqual(await writing, { bytes: 40 * mib });
    await blobs.remove([path]);
  });

  it('[CORE-182] a source that fails after some parts leaves none of them', async () => {
    const blobs = open();
    const before = await s3.everything();
    const failure = new Error('the line went dead');
    let inParts: string[] = [];
    async function* broken(): AsyncGenerator<Buffer> {
      for (let n = 0; n < 11; n += 1) yield Buffer.alloc(mib);
      inParts = await s3.everything();
      throw failure;
    }
    const path = newPath();
    await assert.rejects(blobs.write(path, Readable.from(broken(), { objectMode: false })), failure);
    assert.deepEqual(inParts, [...before, `upload chat/${path}`].sort());
    assert.deepEqual(await s3.everything(), before);
  });

  it('[CORE-183] parts that nobody came back for are cleared away after an hour, of our own names only', async () => {
    const blobs = open(impatient);
    const before = await s3.everything();
    const [path, strange] = [newPath(), 'chat/of/somebody/else'];
    s3.silence((request) => request.includes('partNumber=2') || request.startsWith('DELETE'));
    await assert.rejects(blobs.write(path, streamOf(Buffer.alloc(6 * mib))));
    const response = await fetch(`${s3.options.endpoint}/uploads/${strange}?uploads`, { method: 'POST' });
    assert.equal(response.status, 200);
    s3.silence((request) => request.startsWith('DELETE'));
    const left = [...before, `upload chat/${path}`, `upload ${strange}`].sort();
    await eventually('the storage has both', async () => (await s3.everything()).length === left.length);
    const fresh = open();
    assert.equal(await fresh.sweep(), 0);
    assert.deepEqual(await s3.everything(), left);
    await s3.age(s3Bounds.staleMs + 60_000);
    fresh.keepClean();
    s3.silence();
    await eventually('ours is gone', async () => !(await s3.everything()).includes(`upload chat/${path}`));
    assert.deepEqual(await s3.everything(), [...before, `upload ${strange}`].sort());
  });
});

/** A storage of the test's own making, and blobs on it. */
async function openBetween(answer: (req: IncomingMessage, res: ServerResponse) => unknown) {
  const server = createServer((req, res) => void answer(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const blobs = openS3Blobs({ ...s3.options, endpoint }, quietLog, { ...s3Bounds, attempts: 1 });
  opened.push(blobs);
  servers.push(server);
  return { blobs };
}

const passOn = async (req: IncomingMessage) =>
  fetch(`${s3.options.endpoint}${req.url}`, {
    method: req.method ?? 'GET',
    headers: { 'x-amz-date': String(req.headers['x-amz-date']) },
    ...(req.method === 'PUT' ? { body: await buffer(req) } : {}),
  });

describe('trouble', () => {
  it('[CORE-184] a storage that is away fails every call, and serves again when it is back', async () => {
    const blobs = open();
    const path = newPath();
    await blobs.write(path, streamOf(Buffer.from('kept')));
    const before = await s3.everything();
    await s3.stop();
    const source = streamOf(Buffer.from('lost'));
    await assert.rejects(blobs.write(newPath(), source));
    assert.ok(source.destroyed);
    await assert.rejects(blobs.read(path));
    await assert.rejects(blobs.remove([path]));
    await assert.rejects(blobs.sweep());
    await s3.start();
    assert.deepEqual(await s3.everything(), before);
    assert.equal(String(await buffer((await blobs.read(path)) as Readable)), 'kept');
  });

  it('[CORE-184] a storage that takes a call and does not answer fails it in bounded time', async () => {
    const blobs = open(impatient);
    s3.silence(() => true);
    const began = performance.now();
    await assert.rejects(blobs.read(newPath()), /requestTimeout/);
    await assert.rejects(blobs.write(newPath(), streamOf(Buffer.from('x'))));
    assert.ok(performance.now() - began < 5_000);
  });

  it('[CORE-184] a bucket that is not there is no missing file', async () => {
    const blobs = openS3Blobs({ ...s3.options, bucket: 'nobodys' }, quietLog);
    opened.push(blobs);
    await assert.rejects(blobs.read(newPath()), { name: 'NoSuchBucket' });
    await assert.rejects(tryS3({ ...s3.options, bucket: 'nobodys' }), { name: 'NoSuchBucket' });
  });

  it('[CORE-182] of a last call whose answer was lost no object stays', async () => {
    const before = await s3.everything();
    const path = newPath();
    const between = await openBetween(async (req, res) => {
      const answer = await passOn(req);
      if (req.method === 'PUT') res.destroy();
      else res.writeHead(answer.status).end();
    });
    await assert.rejects(between.blobs.write(path, streamOf(Buffer.from('stored, but unheard'))));
    assert.ok(s3.requests.some((request) => request.startsWith('PUT') && request.includes(path)));
    assert.deepEqual(await s3.everything(), before);
  });

  it('[CORE-185] a storage that answers with another range than it was asked for fails the call', async () => {
    const ranges = ['bytes 0-9/10', 'bytes 2-5/10', 'bytes 3-4/10', undefined];
    const { blobs } = await openBetween((_, res) => {
      const range = ranges.shift();
      res.writeHead(range ? 206 : 200, range ? { 'content-range': range } : {}).end('0123456789');
    });
    while (ranges.length > 0) await assert.rejects(blobs.read(newPath(), { start: 2, end: 4 }), /another range/);
  });

  it('[CORE-181] more uploads at once than there is memory for are refused, and the others go on', async () => {
    const blobs = open({ ...s3Bounds, uploadsAtOnce: 2 });
    s3.silence((request) => request.startsWith('PUT'));
    const paths = [newPath(), newPath(), newPath()];
    const [first, second, third] = paths.map((path) => blobs.write(path, streamOf(Buffer.from('x'))));
    await assert.rejects(third as Promise<unknown>, /too many uploads/);
    s3.silence();
    await Promise.all([first, second]);
    await blobs.write(paths[2] ?? '', streamOf(Buffer.from('x')));
    await blobs.remove(paths);
  });
});
