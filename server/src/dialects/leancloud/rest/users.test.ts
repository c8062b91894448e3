import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openSmsServer } from '../../../../test/kit/sms.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const sms = await openSmsServer();
/** WeChat, as far as one token of one user goes. */
const wechat = createServer((req, res) => {
  const good = new URL(req.url ?? '', 'http://x').searchParams.get('access_token') === 'good';
  res.end(JSON.stringify(good ? { errcode: 0 } : { errcode: 40003 }));
}).listen(0, '127.0.0.1');
await once(wechat, 'listening');
const base = `http://127.0.0.1:${(wechat.address() as AddressInfo).port}`;
const world = await openWorld({
  settings: { 'sms.webhook': sms.hook, providers: { weixin: { kind: 'wechat', base } } },
});
after(async () => {
  await world.close();
  await sms.close();
  wechat.closeAllConnections();
  await new Promise((resolve) => wechat.close(resolve));
});
const { app } = world;
const call = leancloud(world);
const as = (token: string) => ({
  headers: { 'X-LC-Id': app.id, 'X-LC-Key': app.clientKey, 'X-LC-Session': token },
});
const signUp = (username: string, more: object = {}) =>
  call('POST', '/1.1/users', { username, password: `pw-${username}`, ...more });
const code = (answer: { status: number; body: { code?: number } }) => [answer.status, answer.body.code];

it('[LC-280] who signs up is logged in, and keeps what else the application says of him', async () => {
  const { status, body, headers } = await signUp('tom', { email: 'Tom@Example.com', age: 3, tags: ['a'] });
  assert.equal(status, 201);
  assert.equal(headers.get('location'), `/1.1/users/${body.objectId}`);
  assert.match(body.objectId, /^[0-9a-f]{24}$/);
  assert.deepEqual([body.username, body.email, body.age, body.tags], ['tom', 'tom@example.com', 3, ['a']]);
  assert.ok(!('password' in body) && !('salt' in body));
  const me = await call('GET', '/1.1/users/me', undefined, as(body.sessionToken));
  assert.deepEqual([me.body.objectId, me.body.sessionToken], [body.objectId, body.sessionToken]);
  assert.deepEqual(code(await signUp('tom')), [400, 202]);
  assert.deepEqual(code(await signUp('tom2', { email: 'tom@example.com' })), [400, 203]);
  assert.deepEqual(code(await call('POST', '/1.1/users', { password: 'x' })), [400, 200]);
  assert.deepEqual(code(await call('POST', '/1.1/users', { username: 'x' })), [400, 201]);
  assert.deepEqual(code(await signUp('tom3', { email: 'nobody' })), [400, 125]);
  assert.deepEqual(code(await signUp('tom4', { mobilePhoneNumber: 'no' })), [400, 127]);
});

it('[LC-281] a name, a mail address or a phone logs in with the password', async () => {
  const { body } = await signUp('ann', { email: 'ann@example.com', mobilePhoneNumber: '13800000001' });
  const password = 'pw-ann';
  for (const name of [{ username: 'ann' }, { email: 'ann@example.com' }, { mobilePhoneNumber: '+8613800000001' }]) {
    const answer = await call('POST', '/1.1/login', { ...name, password });
    assert.deepEqual([answer.status, answer.body.objectId], [200, body.objectId]);
    assert.ok(answer.body.sessionToken);
  }
  assert.deepEqual(code(await call('POST', '/1.1/login', { username: 'ann', password: 'wrong' })), [400, 210]);
  assert.deepEqual(code(await call('POST', '/1.1/login', { username: 'nobody', password })), [400, 211]);
  assert.deepEqual(code(await call('GET', '/1.1/users/me')), [400, 211]);
  assert.deepEqual(code(await call('GET', '/1.1/users/me', undefined, as('made-up'))), [400, 211]);
});

it('[LC-282] others see a user without how he is reached', async () => {
  const { body } = await signUp('bob', { email: 'bob@example.com', mobilePhoneNumber: '13800000002', nick: 'B' });
  for (const path of ['/1.1/users', '/1.1/classes/_User']) {
    const seen = (await call('GET', `${path}/${body.objectId}`)).body;
    assert.deepEqual(
      [seen.username, seen.nick, seen.email, seen.mobilePhoneNumber],
      ['bob', 'B', undefined, undefined],
    );
    const own = (await call('GET', `${path}/${body.objectId}`, undefined, as(body.sessionToken))).body;
    assert.deepEqual([own.email, own.mobilePhoneNumber], ['bob@example.com', '13800000002']);
  }
  assert.deepEqual(code(await call('GET', `/1.1/users/${'0'.repeat(24)}`)), [400, 211]);
});

it('[LC-283] a user changes his own row, the master key anybody’s', async () => {
  const { body } = await signUp('cat', { n: 1 });
  const other = (await signUp('dog')).body;
  const path = `/1.1/classes/_User/${body.objectId}`;
  const steps = { n: { __op: 'Increment', amount: 2 }, list: { __op: 'AddUnique', objects: ['x'] }, username: 'kitty' };
  assert.deepEqual(code(await call('PUT', path, steps)), [403, 206]);
  assert.deepEqual(code(await call('PUT', path, steps, as(other.sessionToken))), [403, 206]);
  const put = await call('PUT', path, steps, as(body.sessionToken));
  assert.deepEqual(Object.keys(put.body).sort(), ['objectId', 'updatedAt']);
  const row = (await call('GET', path)).body;
  assert.deepEqual([row.username, row.n, row.list], ['kitty', 3, ['x']]);
  const whole = await call('PUT', `${path}?new=true`, { n: { __op: 'Delete' } }, { master: true });
  assert.deepEqual([whole.body.n, whole.body.username], [undefined, 'kitty']);
  assert.deepEqual((await call('DELETE', path, undefined, as(body.sessionToken))).body, {});
  assert.deepEqual(code(await call('GET', path)), [400, 211]);
});

it('[LC-284] a new password ends every session but the one that is handed out with it', async () => {
  const { body } = await signUp('eve');
  const path = `/1.1/users/${body.objectId}/updatePassword`;
  const wish = { old_password: 'pw-eve', new_password: 'next' };
  assert.deepEqual(code(await call('PUT', path, { ...wish, old_password: 'no' }, as(body.sessionToken))), [400, 210]);
  const fresh = (await call('PUT', path, wish, as(body.sessionToken))).body.sessionToken;
  assert.deepEqual(code(await call('GET', '/1.1/users/me', undefined, as(body.sessionToken))), [400, 211]);
  assert.equal((await call('GET', '/1.1/users/me', undefined, as(fresh))).status, 200);
  const refresh = `/1.1/users/${body.objectId}/refreshSessionToken`;
  const newer = (await call('PUT', refresh, undefined, as(fresh))).body.sessionToken;
  assert.deepEqual(code(await call('GET', '/1.1/users/me', undefined, as(fresh))), [400, 211]);
  const saved = await call('PUT', `/1.1/users/${body.objectId}`, { password: 'third' }, as(newer));
  assert.ok(saved.body.sessionToken && saved.body.sessionToken !== newer);
  assert.equal((await call('POST', '/1.1/login', { username: 'eve', password: 'third' })).status, 200);
});

it('[LC-285] a code that was sent to a phone signs up, logs in, verifies and sets a password', async () => {
  const mobilePhoneNumber = '13900000001';
  const ask = (path: string) => call('POST', `/1.1/${path}`, { mobilePhoneNumber });
  assert.deepEqual((await ask('requestSmsCode')).body, {});
  const smsCode = sms.codeOf(mobilePhoneNumber);
  const wrong = await call('POST', '/1.1/usersByMobilePhone', { mobilePhoneNumber, smsCode: '000000' });
  assert.deepEqual(code(wrong), [400, 603]);
  const made = await call('POST', '/1.1/usersByMobilePhone', { mobilePhoneNumber, smsCode, nick: 'P' });
  assert.deepEqual([made.status, made.body.nick, made.body.mobilePhoneVerified], [201, 'P', true]);

  world.clock.advance(61_000);
  await ask('requestLoginSmsCode');
  const login = { mobilePhoneNumber, smsCode: sms.codeOf(mobilePhoneNumber) };
  assert.equal((await call('POST', '/1.1/login', login)).body.objectId, made.body.objectId);
  assert.deepEqual(code(await call('POST', '/1.1/login', { ...login, mobilePhoneNumber: '13900000009' })), [400, 211]);

  await ask('requestPasswordResetBySmsCode');
  const reset = `/1.1/resetPasswordBySmsCode/${sms.codeOf(mobilePhoneNumber)}`;
  assert.deepEqual((await call('PUT', reset, { mobilePhoneNumber, password: 'new' })).body, {});
  assert.equal((await call('POST', '/1.1/login', { mobilePhoneNumber, password: 'new' })).status, 200);

  const { body } = await signUp('fay', { mobilePhoneNumber: '13900000002' });
  await call('POST', '/1.1/requestMobilePhoneVerify', { mobilePhoneNumber: '13900000002' });
  const path = `/1.1/verifyMobilePhone/${sms.codeOf('13900000002')}`;
  assert.deepEqual(code(await call('POST', path)), [400, 211]);
  assert.deepEqual((await call('POST', path, undefined, as(body.sessionToken))).body, {});
  const row = await call('GET', `/1.1/users/${body.objectId}`);
  assert.equal(row.body.mobilePhoneVerified, true);
});

it('[LC-286] a third party’s word logs in, makes who is new, and with failOnNotExist nobody', async () => {
  const weixin = { openid: 'w1', access_token: 'good' };
  const path = '/1.1/users?failOnNotExist=true';
  assert.deepEqual(code(await call('POST', path, { authData: { weixin } })), [400, 211]);
  const wrong = { authData: { weixin: { ...weixin, access_token: 'bad' } } };
  assert.deepEqual(code(await call('POST', '/1.1/users', wrong)), [400, 251]);
  const made = await call('POST', '/1.1/users', { authData: { weixin }, nick: 'W' });
  assert.deepEqual([made.status, made.body.nick, Object.keys(made.body.authData)], [201, 'W', ['weixin']]);
  const again = await call('POST', path, { authData: { weixin } });
  assert.deepEqual([again.status, again.body.objectId], [200, made.body.objectId]);
  const parted = { 'authData.weixin': { __op: 'Delete' } };
  await call('PUT', `/1.1/users/${made.body.objectId}`, parted, as(made.body.sessionToken));
  assert.deepEqual(code(await call('POST', path, { authData: { weixin } })), [400, 211]);
  const linked = await call(
    'PUT',
    `/1.1/users/${made.body.objectId}`,
    { authData: { weixin } },
    as(made.body.sessionToken),
  );
  assert.equal(linked.status, 200);
  assert.equal((await call('POST', path, { authData: { weixin } })).status, 200);
});
