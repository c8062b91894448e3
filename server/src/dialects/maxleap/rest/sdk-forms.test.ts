// Requests as MaxLeap's JavaScript SDKs put them on the wire, where that differs from the documents.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, refused } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

/** SDK 4 sends a bare key, and a JSON type also where it sends no body. */
const v4 = (method: string, path: string, body?: unknown) =>
  world.rest(method, path, body, {
    headers: { 'x-ml-request-sign': '', 'x-ml-apikey': world.app.clientKey, 'content-type': 'application/json' },
  });

test('[ML-126] SDK 4 creates a group, then sets its attributes, of which there may be none', async () => {
  const group = done(await v4('POST', '/groups', { owner: 'o', members: ['m1', 'm', '2'] }));
  done(await v4('POST', `/groups/${group}/attributes`), 201);
  done(await v4('POST', `/groups/${group}/attributes`, {}), 201);
  const room = done(await v4('POST', '/rooms', { members: ['m1'] }));
  done(await v4('POST', `/rooms/${room}/attributes`, {}), 201);
  assert.deepEqual(done(await v4('GET', '/ctx/o/groups?detail')), [done(await v4('GET', `/groups/${group}`))]);
});

test('[ML-127] SDK 4 loads by POST', async () => {
  const group = done(await v4('POST', '/groups', { owner: 'o' }));
  const room = done(await v4('POST', '/rooms'));
  const passenger = done(await v4('POST', '/passengers', { name: 'V' }));
  for (const path of ['/ctx/o', `/groups/${group}`, `/rooms/${room}`, `/passengers/${passenger}`]) {
    const loaded = await v4('POST', path);
    assert.equal(loaded.status, 200);
    assert.equal(typeof loaded.body, 'object');
    assert.equal(loaded.text, (await v4('GET', path)).text);
  }
});

test('[ML-128] SDK 3 parses every body that is not empty', async () => {
  done(await world.rest('POST', '/ctx/r/friends/s'));
  assert.equal((await world.rest('DELETE', '/ctx/r/friends/s')).text, '');
  const missing = await world.rest('GET', '/ctx/ghost');
  assert.deepEqual(Object.keys(JSON.parse(missing.text)).sort(), ['errorCode', 'errorMessage']);
});

test('[ML-129] SDK 3 lists with detail, searches with all its parameters and unencoded names', async () => {
  done(await world.rest('POST', '/ctx/x1/attributes', { name: 'x' }));
  done(await world.rest('POST', '/ctx/x2/attributes', { name: 'x' }));
  done(await world.rest('POST', '/ctx/x1/friends/x2'));
  assert.deepEqual(done(await world.rest('GET', '/ctx/x1/friends?detail')), [{ id: 'x2', online: false }]);
  assert.deepEqual(
    done(await world.rest('GET', '/ctx?_skip=0&_limit=1&_sort=id&name=x')).map(({ id }: { id: string }) => id),
    ['x1'],
  );
  assert.deepEqual(done(await world.rest('GET', '/ctx/x1/friends/x2/chats?ts=undefined&limit=undefined')), []);
  refused(await world.rest('DELETE', '/groups/none/attributes/'), 404, 5004);
});
