// Uploads through the whole server onto object storage: how they are served, and what an outage does to them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { run } from '../kit/command.ts';
import { eventually } from '../kit/eventually.ts';
import { picture } from '../kit/pictures.ts';
import { done, refused } from '../kit/rest.ts';
import { openS3Server, type S3Server } from '../kit/s3.ts';
import { openWorld, type World } from '../kit/world.ts';

const mib = 1024 * 1024;
let s3: S3Server;
let world: World;
before(async () => {
  s3 = await openS3Server();
  world = await openWorld({ env: s3.env, settings: { attachmentBytesMax: 64 * mib } });
});
afterEach(() => s3.silence());
after(async () => {
  await world.close();
  await s3.close();
});

const post = (content: Buffer | string, name: string, on = world) => {
  const raw = new FormData();
  raw.append('attachment', new Blob([content]), name);
  return on.rest('POST', '/attachment', undefined, { raw });
};
const upload = async (content: Buffer | string, name: string, on = world): Promise<string[]> =>
  done(await post(content, name, on), 200);
const keyOf = (url = ''): string => `chat${new URL(url).pathname.slice('/uploads'.length)}`;
const rows = async () => (await world.core.store.media.olderThan(world.app.no, Number.MAX_SAFE_INTEGER, 1_000)).length;
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('uploads on object storage', () => {
  it('[CORE-186] a picture and its thumbnail are kept in the bucket and served by us', async () => {
    const bytes = await picture('jpeg', 640, 480);
    const [original = '', thumb = ''] = await upload(bytes, 'photo.jpg');
    assert.ok(original.startsWith(`${world.url}/uploads/`));
    assert.deepEqual(await s3.everything(), [keyOf(original), keyOf(thumb)].sort());
    const whole = await fetch(original);
    assert.deepEqual([whole.status, whole.headers.get('content-type')], [200, 'image/jpeg']);
    assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
    assert.ok((await bytesOf(whole)).equals(bytes));
    const etag = whole.headers.get('etag') ?? '';
    const head = await fetch(original, { method: 'HEAD' });
    assert.deepEqual(
      [head.status, head.headers.get('content-length'), head.headers.get('etag')],
      [200, String(bytes.length), etag],
    );
    assert.equal((await fetch(original, { headers: { 'if-none-match': etag } })).status, 304);
    const part = await fetch(original, { headers: { range: 'bytes=10-19' } });
    assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 10-19/${bytes.length}`]);
    assert.ok((await bytesOf(part)).equals(bytes.subarray(10, 20)));
    assert.equal((await fetch(thumb)).headers.get('content-type'), 'image/jpeg');
    await world.core.blobs.remove([original, thumb].map((url) => keyOf(url).slice('chat/'.length)));
    assert.equal((await fetch(original)).status, 404);
    assert.deepEqual(await s3.everything(), []);
  });

  it('[CORE-187] without the storage an upload and a download answer 5006, and nothing is left of them', async () => {
    const [kept = ''] = await upload('kept', 'kept.txt');
    const [objects, known] = [await s3.everything(), await rows()];
    await s3.stop();
    refused(await post('lost', 'lost.txt'), 502, 5006);
    const answer = await fetch(kept);
    assert.deepEqual([answer.status, ((await answer.json()) as { errorCode: number }).errorCode], [502, 5006]);
    assert.doesNotMatch(answer.headers.get('cache-control') ?? '', /immutable/);
    assert.equal((await fetch(`${world.url}/readyz`)).status, 200);
    await s3.start();
    assert.deepEqual([await s3.everything(), await rows()], [objects, known]);
    assert.equal(await (await fetch(kept)).text(), 'kept');
  });

  it('[CORE-187] a storage that goes away in the middle leaves no file and no row', async () => {
    const [objects, known] = [await s3.everything(), await rows()];
    const secondPart = (request: string) => request.includes('partNumber=2');
    s3.silence(secondPart);
    const uploading = post(randomBytes(12 * mib), 'large.bin');
    await eventually('it is half there', () => s3.requests.some(secondPart));
    await s3.stop();
    refused(await uploading, 502, 5006);
    await s3.start();
    s3.silence();
    assert.equal(await rows(), known);
    // It could not be told to drop the first part; that waits for the hourly sweep.
    assert.deepEqual(
      (await s3.everything()).filter((name) => !name.startsWith('upload ')),
      objects,
    );
  });

  it('[CORE-187] a download that breaks off does not look whole', async () => {
    const [url = ''] = await upload(randomBytes(48 * mib), 'large.bin');
    const answer = await fetch(url);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    assert.ok((await reader.read()).value?.length);
    await s3.stop();
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    });
    await s3.start();
  });

  it('[CORE-187] a silent storage holds up its own uploads and nothing else', async () => {
    const [known = ''] = await upload('known', 'known.txt');
    s3.silence(() => true);
    let pending = 20;
    const uploads = Array.from({ length: pending }, async (_, n) => {
      const answer = await post(`slow ${n}`, 'slow.txt');
      pending -= 1;
      return answer.status;
    });
    await eventually('they wait', () => s3.requests.filter((request) => request.startsWith('PUT')).length >= 20);
    const began = performance.now();
    done(await world.rest('POST', '/ctx/ann/friends/bob'));
    done(await world.rest('GET', '/ctx/ann/friends'));
    assert.equal((await fetch(known, { method: 'HEAD' })).status, 200);
    assert.ok(performance.now() - began < 1_000);
    assert.equal(pending, 20);
    s3.silence();
    assert.deepEqual(await Promise.all(uploads), Array(20).fill(200));
  });
});

it('[CORE-188] a reader is sent to the bucket where reads are redirected', async () => {
  const other = await openWorld({ env: { ...s3.env, HONGYAN_S3_READS: 'redirect' } });
  try {
    const [url = ''] = await upload('<script>alert(1)</script>', 'page.html', other);
    const sent = await fetch(url, { redirect: 'manual' });
    const target = new URL(sent.headers.get('location') ?? '');
    assert.deepEqual([sent.status, target.origin], [302, s3.options.endpoint]);
    assert.equal(target.pathname, `/${s3.options.bucket}/${keyOf(url)}`);
    assert.equal(target.searchParams.get('X-Amz-Expires'), '900');
    assert.equal(sent.headers.get('cache-control'), 'private, max-age=450');
    const followed = await fetch(url);
    assert.equal(await followed.text(), '<script>alert(1)</script>');
    assert.match(followed.headers.get('content-disposition') ?? '', /^attachment; filename="page\.html"/);
    const part = await fetch(url, { headers: { range: 'bytes=1-6' } });
    assert.deepEqual([part.status, await part.text()], [206, 'script']);
    const head = await fetch(url, { method: 'HEAD', redirect: 'manual' });
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '25']);
  } finally {
    await other.close();
  }
});

it('[CORE-189] the commands speak of the bucket', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  const env = { ...s3.env, HONGYAN_DATA: join(dir, 'data'), HONGYAN_PORT: '0' };
  const bucketOf = (out: string) =>
    JSON.parse(out).findings.find(({ what }: { what: string }) => what === 'object storage');
  try {
    const shown = await run(['config'], env);
    assert.match(shown.out, /^HONGYAN_S3_BUCKET=uploads$/m);
    assert.match(shown.out, /^HONGYAN_S3_SECRET_KEY=\[secret\]$/m);
    const objects = await s3.everything();
    const good = await run(['doctor', '--json'], env);
    assert.match(bucketOf(good.out).found, /can be written, read and cleared/);
    assert.deepEqual(await s3.everything(), objects);
    const bad = await run(['doctor', '--json'], { ...env, HONGYAN_S3_BUCKET: 'nobodys' });
    assert.equal(bad.code, 1);
    assert.match(bucketOf(bad.out).found, /NoSuchBucket/);
    assert.ok(bucketOf(bad.out).todo);
    await run(['apps', 'add'], env);
    const backup = await run(['backup', join(dir, 'backup')], env);
    assert.equal(backup.code, 0, backup.err);
    assert.match(backup.out, /NOT in it: uploads in the bucket uploads/);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
