// Files, case by case: as curl, PHP and C# send them, and as Java does.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { picture } from '../../../../test/kit/pictures.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie');
  await registerAdmin(world, 'boss');
});
after(() => world.close());

const hashOf = (bytes: Buffer) =>
  Buffer.concat([Buffer.of(0x16), createHash('sha1').update(bytes).digest()]).toString('base64url');

function upload(type: string, bytes: Buffer, name: string, field = 'filename') {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(bytes)]), name);
  return jm(world, 'POST', `/v1/resource?type=${type}`, undefined, { raw: form });
}
const where = (mediaId: string) => jm(world, 'GET', `/v1/resource?mediaId=${mediaId}`);
async function fetched(mediaId: string): Promise<Buffer> {
  const { body } = await where(mediaId);
  return Buffer.from(await (await fetch(body.url)).arrayBuffer());
}

/** As the Java client writes a form: its own boundary, no blank after the first semicolon, one line's end too many. */
function javaForm(type: string, bytes: Buffer, name: string) {
  const boundary = '========7d4a6d158c9';
  const head = `--${boundary}\r\nContent-Disposition: form-data;name="${type}";filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const raw = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n\r\n--${boundary}--\r\n`)]);
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return jm(world, 'POST', `/v1/resource?type=${type}`, undefined, { raw, headers });
}

test('[JM-112] pictures, in any field', async () => {
  const bytes = await picture('png', 30, 20);
  for (const field of ['filename', 'image', 'whatever']) {
    const { status, body, text } = await upload('image', bytes, 'photo.png', field);
    assert.equal(status, 200, text);
    const { media_id, ...facts } = body;
    assert.match(media_id, /^im\/image\/j\/[0-9A-F]{32}$/);
    assert.deepEqual(facts, {
      media_crc32: crc32(bytes),
      fsize: bytes.length,
      hash: hashOf(bytes),
      width: 30,
      height: 20,
      format: 'png',
    });
  }
});

test('[JM-112] [JM-279] what the Java client sends', async () => {
  const bytes = await picture('png', 30, 20);
  const { status, body, text } = await javaForm('image', bytes, '/photos/of mine/photo.png');
  assert.equal(status, 200, text);
  assert.deepEqual([body.fsize, body.media_crc32, body.hash], [bytes.length, crc32(bytes), hashOf(bytes)]);
  assert.deepEqual(await fetched(body.media_id), bytes);
  for (const tail of ['', '\r', '\n', '\r\n', 'x\r\n\r\n']) {
    const file = Buffer.concat([randomBytes(70_000), Buffer.from(tail)]);
    const { body: again } = await javaForm('file', file, 'C:\\docs\\a.bin');
    assert.deepEqual(
      [again.fsize, again.hash, again.fname],
      [file.length, hashOf(file), 'a.bin'],
      JSON.stringify(tail),
    );
  }
});

test('[JM-280] a check value of the documents', async () => {
  const { body } = await upload('file', Buffer.from('hello, jmessage\n'), 'hello.txt');
  const { media_id, ...facts } = body;
  assert.match(media_id, /^im\/file\/j\/[0-9A-F]{32}$/);
  assert.deepEqual(facts, {
    media_crc32: 580399536,
    fsize: 16,
    hash: 'FuzJ5sUTxSYVK2W7JZOFteJI7rjr',
    fname: 'hello.txt',
  });
});

test('[JM-281] voices say their format by what they hold', async () => {
  const amr = Buffer.from('#!AMR\nnoise');
  const { body } = await upload('voice', amr, 'voice');
  assert.deepEqual(Object.keys(body).sort(), ['format', 'fsize', 'hash', 'media_crc32', 'media_id']);
  assert.equal(body.format, 'amr');
  const m4a = Buffer.concat([Buffer.from([0, 0, 0, 28]), Buffer.from('ftypM4A noise')]);
  assert.equal((await upload('voice', m4a, 'voice.bin')).body.format, 'm4a');
  assert.equal((await upload('voice', Buffer.from('noise'), 'voice.spx')).body.format, 'spx');
});

test('[JM-282] a bitmap is a picture too', async () => {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeInt32LE(7, 18);
  head.writeInt32LE(-5, 22);
  const { body } = await upload('image', head, 'a.bmp');
  assert.deepEqual([body.width, body.height, body.format], [7, 5, 'bmp']);
});

test('[JM-113] where a file is', async () => {
  const bytes = await picture('png', 4, 4);
  for (const name of ['photo.png', 'photo', 'photo.jpegxl9', 'a.7z', 'a.tar.gz']) {
    const { media_id } = (await upload('image', bytes, name)).body;
    const raw = await where(media_id);
    const encoded = await where(encodeURIComponent(media_id));
    const slash = await jm(world, 'GET', `/v1/resource/?mediaId=${encodeURIComponent(media_id)}`);
    assert.deepEqual([raw.status, raw.body, slash.body], [200, encoded.body, encoded.body]);
    assert.deepEqual(Object.keys(raw.body), ['url']);
    assert.deepEqual(await fetched(media_id), bytes, name);
  }
});

test('[JM-314] the address of a file needs no credentials, ends after an hour, and does not tell the one that lasts', async () => {
  const { media_id } = (await upload('file', Buffer.from('hello'), 'a.txt')).body;
  const { url } = (await where(media_id)).body;
  assert.ok(url.startsWith(`${world.url}/v1/resource/`) && !url.includes('uploads'));
  const read = (headers: Record<string, string> = {}, method = 'GET') => fetch(url, { headers, method });
  const over = async (refused: Response) =>
    assert.deepEqual([refused.status, /899003/.test(await refused.text())], [400, true]);
  const answer = await read();
  assert.deepEqual([answer.status, await answer.text()], [200, 'hello']);
  assert.match(answer.headers.get('cache-control') ?? '', /private/);
  assert.equal((await read({}, 'HEAD')).headers.get('content-length'), '5');
  assert.equal(await (await read({ range: 'bytes=1-2' })).text(), 'el');
  for (const broken of [`${url}0`, `${url.slice(0, -2)}AA`, url.replace(world.app.id, world.other.id)])
    await over(await fetch(broken));
  world.clock.advance(62 * 60_000);
  await over(await read());
});

test('[JM-113] [JM-283] files that are not there', async () => {
  const { media_id } = (await upload('file', Buffer.from('x'), 'a.txt')).body;
  const unknown = [
    '',
    'x',
    'qiniu/image/j/0123456789ABCDEF0123456789ABCDEF',
    'im/file/j/0123456789ABCDEF0123456789ABCDEF',
    'im/file/j/FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF',
    `${media_id}0`,
    media_id.toLowerCase(),
    '../../etc/passwd',
  ];
  for (const id of unknown) refusedJm(await where(encodeURIComponent(id)), 400, 899003);
  refusedJm(await jm(world, 'GET', '/v1/resource'), 400, 899003);
  refusedJm(await jm(world, 'GET', `/v1/resource?mediaId=${media_id}`, undefined, { as: world.other }), 400, 899003);
});

test('[JM-284] uploads that cannot be', async () => {
  const png = await picture('png', 4, 4);
  refusedJm(await upload('image', Buffer.from('no picture at all'), 'a.png'), 400, 899003);
  refusedJm(await upload('image', Buffer.concat([png.subarray(0, 40), Buffer.alloc(9)]), 'a.png'), 400, 899003);
  refusedJm(await upload('sticker', png, 'a.png'), 400, 899003);
  refusedJm(await upload('file', Buffer.alloc(8 * 1024 * 1024 + 1), 'big'), 400, 899003);
  refusedJm(await upload('file', Buffer.alloc(0), 'empty'), 400, 899003);
  const form = new FormData();
  form.append('filename', 'a text');
  refusedJm(await jm(world, 'POST', '/v1/resource?type=file', undefined, { raw: form }), 400, 899003);
  refusedJm(await jm(world, 'POST', '/v1/resource?type=file', { a: 1 }), 400, 899003);
  refusedJm(
    await jm(world, 'POST', '/v1/resource?type=file', undefined, { raw: 'x', headers: { 'content-type': ';;' } }),
    400,
    899003,
  );
  refusedJm(await jm(world, 'POST', '/v1/resource?type=file'), 400, 899003);
  assert.equal((await upload('file', Buffer.alloc(8 * 1024 * 1024), 'fits')).status, 200);
  const anonymous = { headers: { authorization: '' }, raw: 'x' };
  refusedJm(await jm(world, 'POST', '/v1/resource?type=file', undefined, anonymous), 401, 899007);
});

test('[JM-285] a picture of one door is a picture at the others', async () => {
  const bytes = await picture('png', 300, 200);
  const { body } = await upload('image', bytes, 'photo.png');
  const basic = { version: 1, target_type: 'single', from_type: 'user', msg_type: 'image' };
  const sent = await jm(world, 'POST', '/v1/messages', {
    ...basic,
    from_id: 'tom',
    target_id: 'annie',
    msg_body: body,
  });
  assert.equal(sent.status, 200);
  await world.rest('POST', '/ctx/tom/friends/annie');
  const [seen] = (await world.rest('GET', '/ctx/tom/strangers/annie/chats')).body;
  assert.equal(seen.content.media, 1);
  assert.deepEqual(Buffer.from(await (await fetch(seen.content.body)).arrayBuffer()), bytes);
  assert.match(seen.remark, /\.sm\.png$/);
});
