import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const world = await openWorld();
after(() => world.close());
const call = leancloud(world);
const master = { master: true };
const place = async (more: object = {}) =>
  (await call('POST', '/1.1/fileTokens', { name: 'a.txt', mime_type: 'text/plain', metaData: {}, ...more })).body;
const put = (url: string, body: string) =>
  fetch(url, { method: 'PUT', body, headers: { 'content-type': 'text/plain', 'cache-control': 'public' } });

it('[LC-290] a file goes where its token says, and is found by its id and its address', async () => {
  const given = await place();
  assert.equal(given.provider, 's3');
  assert.match(given.objectId, /^[0-9a-f]{24}$/);
  assert.equal((await fetch(given.url)).status, 404);
  assert.equal((await put(given.upload_url, 'hello')).status, 200);
  assert.deepEqual((await call('POST', '/1.1/fileCallback', { token: given.token, result: true })).body, {});
  assert.equal(await (await fetch(given.url)).text(), 'hello');
  const row = (await call('GET', `/1.1/files/${given.objectId}`)).body;
  assert.deepEqual([row.name, row.url, row.metaData], ['a.txt', given.url, { size: 5 }]);
  assert.equal((await call('DELETE', `/1.1/files/${given.objectId}`)).status, 403);
  assert.deepEqual((await call('DELETE', `/1.1/files/${given.objectId}`, undefined, master)).body, {});
  assert.equal((await call('GET', `/1.1/files/${given.objectId}`)).body.code, 101);
  assert.equal((await fetch(given.url)).status, 404);
});

it('[LC-291] a place takes one file, for an hour, of the size that the app allows', async () => {
  const given = await place();
  assert.equal((await put(given.upload_url, 'one')).status, 200);
  assert.equal((await put(given.upload_url, 'two')).status, 400);
  assert.equal(await (await fetch(given.url)).text(), 'one');
  const old = await place();
  world.clock.advance(61 * 60_000);
  assert.equal((await put(old.upload_url, 'late')).status, 401);
  assert.equal((await put(given.upload_url.slice(0, -2), 'x')).status, 401);
  await world.set({ attachmentBytesMax: 1024 });
  assert.equal((await put((await place()).upload_url, 'x'.repeat(1025))).status, 400);
});

it('[LC-292] a client that says that it failed leaves nothing', async () => {
  const given = await place();
  await put(given.upload_url, 'half');
  await call('POST', '/1.1/fileCallback', { token: given.token, result: false });
  assert.equal((await fetch(given.url)).status, 404);
  assert.equal((await call('POST', '/1.1/fileCallback', { token: 'made-up', result: true })).status, 401);
});

it('[LC-293] a file that is elsewhere is known by its id alone', async () => {
  const file = {
    name: 'far.png',
    url: 'https://files.example/far.png',
    metaData: { width: 2 },
    mime_type: 'image/png',
  };
  const made = await call('POST', '/1.1/files', file);
  assert.equal(made.status, 201);
  const row = (await call('GET', `/1.1/files/${made.body.objectId}`)).body;
  assert.deepEqual([row.name, row.url, row.metaData, row.mime_type], [file.name, file.url, file.metaData, 'image/png']);
  assert.equal((await call('GET', `/1.1/files/${made.body.objectId}x`)).body.code, 101);
});
