// The small rest of the storage API that IM applications use: several requests in one, users by query, devices, codes.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openSmsServer } from '../../../../test/kit/sms.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const sms = await openSmsServer();
const world = await openWorld({ settings: { 'sms.webhook': sms.hook } });
after(async () => {
  await world.close();
  await sms.close();
});
const { app } = world;
const call = leancloud(world);
const as = (method: string, path: string, body?: unknown) => call(method, path, body, { master: true });
const session = (token: string) => ({
  headers: { 'X-LC-Id': app.id, 'X-LC-Key': app.clientKey, 'X-LC-Session': token },
});

it('[LC-315] a batch makes its requests in order, each with an answer of its own', async () => {
  const path = '/1.1/classes/_Conversation';
  const made = await call('POST', '/1.1/batch', {
    requests: [
      { method: 'POST', path, body: { name: 'one', m: ['A'] } },
      { method: 'POST', path: '/1.2/rtm/conversations', body: { name: 'two', m: 5 } },
      { method: 'GET', path: '/1.2/rtm/stats' },
      { method: 'PATCH', path },
      { method: 'GET', path: '/admin/status' },
    ],
  });
  assert.equal(made.status, 200);
  const [first, second, third, ...rest] = made.body;
  assert.match(first.success.objectId, /^[0-9a-f]{24}$/);
  assert.deepEqual([second.error.code, third.error.code], [111, 403]);
  assert.deepEqual(
    rest.map(({ error }: { error: { code: number } }) => error.code),
    [107, 107],
  );
  const query = { method: 'GET', path, params: { where: { name: 'one' }, count: 1 } };
  const read = await as('POST', '/1.1/batch', { requests: [query, { method: 'GET', path: '/1.2/rtm/stats' }] });
  assert.deepEqual([read.body[0].success.count, typeof read.body[1].success.result], [1, 'object']);
  const many = Array.from({ length: 101 }, () => query);
  assert.equal((await call('POST', '/1.1/batch', { requests: many })).status, 400);
  assert.equal((await call('POST', '/1.1/batch', { requests: 'x' })).status, 400);
  const nested = await call('POST', '/1.1/batch', { requests: [{ method: 'POST', path: '/1.1/batch', body: {} }] });
  assert.equal(nested.body[0].error.code, 107);
});

it('[LC-316] the master key finds users by query; the app key may not', async () => {
  for (const n of [1, 2, 3])
    await call('POST', '/1.1/users', { username: `u${n}`, password: 'pw', email: `u${n}@example.com`, age: n * 10 });
  const path = '/1.1/users';
  assert.deepEqual((await call('GET', path)).body, {
    code: 403,
    error: 'Forbidden to read/write by class permissions',
  });
  const names = async (query: string) =>
    (await as('GET', path + query)).body.results.map(({ username }: { username: string }) => username);
  assert.deepEqual(await names('?order=-age&limit=2'), ['u3', 'u2']);
  assert.deepEqual(await names('?order=age&skip=1&limit=1'), ['u2']);
  assert.deepEqual(await names(`?where=${encodeURIComponent('{"age":{"$gte":20}}')}`), ['u2', 'u3']);
  assert.deepEqual(await names(`?where=${encodeURIComponent('{"username":"u1","age":10}')}`), ['u1']);
  assert.deepEqual(await names(`?where=${encodeURIComponent('{"username":"u1","age":11}')}`), []);
  const [row] = (await as('GET', '/1.1/classes/_User?where={"email":"u2@example.com"}&keys=email')).body.results;
  assert.deepEqual(Object.keys(row).sort(), ['createdAt', 'email', 'objectId', 'updatedAt']);
  assert.deepEqual((await as('GET', `${path}?count=1&limit=0`)).body, { results: [], count: 3 });
});

it('[LC-317] a device is one row, and whose it is, is said by its channels', async () => {
  const path = '/1.1/classes/_Installation';
  const device = {
    deviceType: 'android',
    installationId: 'inst-1',
    vendor: 'mi',
    registrationId: 'reg-1',
    timeZone: 'Asia/Shanghai',
  };
  const made = await call('POST', path, device);
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('location'), `${path}/${made.body.objectId}`);
  const again = await call('POST', '/1.1/installations', { ...device, badge: 1 });
  assert.equal(again.body.objectId, made.body.objectId);
  const one = `${path}/${made.body.objectId}`;
  const installs = async (who: string) => (await world.core.store.installs.of(app.no, [who])).map(({ token }) => token);
  await call('PUT', one, { channels: { __op: 'AddUnique', objects: ['public', 'Tom'] } });
  assert.deepEqual(await installs('Tom'), ['reg-1']);
  const { body: row } = await call('GET', one);
  assert.deepEqual([row.channels, row.vendor, row.badge, row.valid], [['public', 'Tom'], 'mi', 1, true]);
  await call('PUT', one, { channels: { __op: 'Remove', objects: ['Tom', 'public'] } });
  assert.deepEqual(await installs('Tom'), []);
  assert.deepEqual((await call('GET', one)).body.channels, []);
  assert.equal((await call('GET', path)).status, 403);
  assert.deepEqual((await as('GET', `${path}?where={"vendor":"mi"}`)).body.results.length, 1);
  for (const bad of [{}, { deviceType: 'ios' }, { deviceType: 'ios', deviceToken: 'zz' }])
    assert.equal((await call('POST', path, bad)).status, 400);
  assert.equal((await call('PUT', `${path}/65a0c0ffee0000000000abcd`, { badge: 1 })).body.code, 101);
  assert.deepEqual((await as('DELETE', one)).body, {});
  assert.equal((await call('GET', one)).status, 404);
});

it('[LC-318] a code is checked by itself, verifies a phone by its number, and changes a phone', async () => {
  const phone = '13900000011';
  await call('POST', '/1.1/requestSmsCode', { mobilePhoneNumber: phone, name: 'shop', op: 'pay', ttl: 10 });
  const code = sms.codeOf(phone);
  const check = (one: string) => call('POST', `/1.1/verifySmsCode/${one}`, { mobilePhoneNumber: phone });
  assert.equal((await check('000000')).body.code, 603);
  assert.deepEqual((await check(code)).body, {});
  assert.equal((await check(code)).body.code, 603, 'it serves once');

  const { body } = await call('POST', '/1.1/users', { username: 'phoney', password: 'pw', mobilePhoneNumber: phone });
  world.clock.advance(61_000);
  await call('POST', '/1.1/requestMobilePhoneVerify', { mobilePhoneNumber: phone });
  const verify = `/1.1/verifyMobilePhone/${sms.codeOf(phone)}`;
  assert.deepEqual((await call('POST', verify, { mobilePhoneNumber: phone })).body, {});
  const other = '13900000012';
  const me = session(body.sessionToken);
  await call('POST', '/1.1/requestChangePhoneNumber', { mobilePhoneNumber: other }, me);
  const change = { mobilePhoneNumber: other, code: sms.codeOf(other) };
  assert.equal((await call('POST', '/1.1/changePhoneNumber', change)).body.code, 211);
  assert.equal((await call('POST', '/1.1/changePhoneNumber', change, me)).status, 200);
  const row = (await as('GET', `/1.1/users/${body.objectId}`)).body;
  assert.deepEqual([row.mobilePhoneNumber, row.mobilePhoneVerified], ['13900000012', true]);
});

it('[LC-319] who asks for a mail hears that none is sent', async () => {
  for (const path of ['requestEmailVerify', 'requestPasswordReset']) {
    const { status, body } = await call('POST', `/1.1/${path}`, { email: 'a@example.com' });
    assert.deepEqual([status, body], [400, { code: 1, error: 'This server sends no mail.' }]);
  }
});

it('[LC-320] what a client says of its file is found again with it', async () => {
  const metaData = { owner: 'me', album: { no: 7 }, size: 1 };
  const place = (await call('POST', '/1.1/fileTokens', { name: 'a.txt', mime_type: 'text/plain', metaData })).body;
  assert.equal((await fetch(place.upload_url, { method: 'PUT', body: 'four' })).status, 200);
  const { body } = await call('GET', `/1.1/files/${place.objectId}`);
  assert.deepEqual(body.metaData, { owner: 'me', album: { no: 7 }, size: 4 });
  const long = { name: 'a.txt', metaData: { note: 'x'.repeat(3_000) } };
  assert.equal((await call('POST', '/1.1/fileTokens', long)).status, 400);
});
