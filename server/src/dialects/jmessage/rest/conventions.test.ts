// What holds on every path: credentials, bodies, slashes, statuses.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { basicOf, jm, refusedJm, register, sendBytes } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom');
});
after(() => world.close());
beforeEach(() => world.set({ 'jmessage.timezone': 'Asia/Shanghai' }));

const without = (authorization: string | undefined) =>
  fetch(`${world.url}/v1/users/tom`, { headers: authorization === undefined ? {} : { authorization } }).then(
    async (answer) => {
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
    },
  );

test('[JM-1] the right credentials open the door', async () => {
  assert.equal((await jm(world, 'GET', '/v1/users/tom')).status, 200);
});

test('[JM-2] [JM-3] [JM-4] [JM-5] [JM-206] all others do not', async () => {
  for (const missing of [undefined, '']) refusedJm(await without(missing), 401, 899007);
  const { id, masterKey } = world.app;
  const wrong = [
    basicOf({ id, masterKey: world.app.clientKey }),
    basicOf({ id, masterKey: world.other.masterKey }),
    basicOf({ id: 'f'.repeat(24), masterKey }),
    `Bearer ${masterKey}`,
    'Basic %%%',
  ];
  for (const one of wrong) {
    const answer = await without(one);
    refusedJm(answer, 401, 899008);
    assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="im"');
  }
});

test('[JM-6] the type of a body does not matter, malformed as it may be', async () => {
  for (const type of [
    'application/json;charset:utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    ';;',
    'a/b/c',
  ]) {
    const headers = { 'content-type': type };
    const raw = JSON.stringify({ nickname: type });
    assert.equal((await jm(world, 'PUT', '/v1/users/tom', undefined, { headers, raw })).status, 204, type);
    assert.equal((await jm(world, 'GET', '/v1/users/tom')).body.nickname, type);
  }
});

test('[JM-7] [JM-8] [JM-200] where no body is needed none has to be there, and any is ignored', async () => {
  await register(world, 'eddie', 'eve');
  const type = 'Content-Type: application/json';
  const host = 'Host: api.im.jpush.cn';
  const gone = await sendBytes(
    world,
    `DELETE /v1/users/eddie HTTP/1.1\n${host}\nAuthorization: {auth}\n${type}\nContent-Length: 0`,
  );
  assert.deepEqual([gone.status, gone.text], [204, '']);
  const on = await sendBytes(
    world,
    `PUT /v1/users/tom/forbidden?disable=false HTTP/1.1\n${host}\nAuthorization: {auth}\n${type}`,
  );
  assert.deepEqual([on.status, on.text], [204, '']);
  for (const raw of ['{}', '{"a":', 'nobody', '']) {
    assert.equal((await jm(world, 'PUT', '/v1/users/tom/forbidden?disable=0', undefined, { raw })).status, 204, raw);
  }
  const get = `GET /v1/users/tom HTTP/1.1\n${host}\nAuthorization: {auth}\n${type}\nContent-Length: 7`;
  assert.equal((await sendBytes(world, get, '["tom"]')).status, 200);
  assert.equal((await jm(world, 'DELETE', '/v1/users/eve', undefined, { raw: '{' })).status, 204);
});

test('[JM-9] [JM-10] slashes at the end and doubled ones change no route', async () => {
  for (const path of ['/v1/users/tom', '/v1/users/tom/', '/v1//users/tom', '//v1/users//tom//']) {
    const answer = await jm(world, 'GET', path);
    assert.deepEqual([answer.status, answer.body?.username], [200, 'tom'], path);
  }
  for (const path of ['/v1/users', '/v1/users/', '/v1/admins/', '/v1/sensitiveword/', '/v1/users/tom/friends/'])
    assert.equal((await jm(world, 'GET', path)).status, 200, path);
});

test('[JM-11] unknown paths and methods, to those who may ask', async () => {
  for (const path of ['/v1/nothing', '/v1', '/v2', '/v2/', '/v1/', '/v1/users/tom/nothing', '/v2/nothing/at/all'])
    refusedJm(await jm(world, 'GET', path), 404, 800008);
  for (const [method, path] of [
    ['PATCH', '/v1/users/tom'],
    ['POST', '/v1/users/tom/'],
    ['PUT', '/v1//users'],
    ['OPTIONS', '/v1/users/tom'],
  ] as const) {
    const answer = await jm(world, method, path);
    refusedJm(answer, 405, 800008);
    assert.ok(answer.headers.get('allow')?.includes('GET'));
  }
  const stranger = await fetch(`${world.url}/v1/nothing`);
  assert.equal(stranger.status, 401);
});

test('[JM-12] what is no JSON changes nothing', async () => {
  await jm(world, 'PUT', '/v1/users/tom', { nickname: 'before' });
  for (const raw of [
    '{"nickname": }',
    '{"nickname":"x",}',
    '{"nickname":“x”}',
    '{"nickname" = "x"}',
    '',
    'x',
    '\u0000',
  ])
    refusedJm(await jm(world, 'PUT', '/v1/users/tom', undefined, { raw }), 400, 899003);
  refusedJm(await jm(world, 'PUT', '/v1/users/tom', undefined, { raw: Buffer.from([0x22, 0xff, 0x22]) }), 400, 899003);
  assert.equal((await jm(world, 'GET', '/v1/users/tom')).body.nickname, 'before');
});

test('[JM-13] another app sees nobody of this one', async () => {
  const as = { as: world.other };
  refusedJm(await jm(world, 'GET', '/v1/users/tom', undefined, as), 403, 899002);
  refusedJm(await jm(world, 'DELETE', '/v1/users/tom', undefined, as), 403, 899002);
  assert.equal((await jm(world, 'GET', '/v1/users/', undefined, as)).body.total, 0);
});

test('[JM-201] [JM-202] null is absent, numbers and flags may be texts', async () => {
  await jm(world, 'PUT', '/v1/users/tom', { gender: 1, nickname: 'N' });
  assert.equal((await jm(world, 'PUT', '/v1/users/tom', { gender: '2', nickname: null, extras: null })).status, 204);
  const { body } = await jm(world, 'GET', '/v1/users/tom');
  assert.deepEqual([body.gender, body.nickname, 'extras' in body], [2, 'N', false]);
  for (const yes of ['true', 'True', '1', 'false', 'False', '0'])
    assert.equal((await jm(world, 'PUT', `/v1/users/tom/forbidden?disable=${yes}`)).status, 204, yes);
  for (const odd of ['yes', '2', 'TRUE', '-1'])
    refusedJm(await jm(world, 'PUT', `/v1/users/tom/forbidden?disable=${odd}`), 400, 899003);
  refusedJm(await jm(world, 'PUT', '/v1/users/tom/forbidden'), 400, 899003);
});

test('[JM-204] what fails before any route has this shape and these statuses too', async () => {
  const broken = await sendBytes(world, 'GET /v1/users/%zz HTTP/1.1\nHost: x\nAuthorization: {auth}');
  assert.deepEqual([broken.status, broken.body?.error.code], [400, 899003], broken.text);
  const long = await jm(world, 'GET', `/v1/users/${'x'.repeat(17_000)}`);
  refusedJm(long, 400, 899003);
  const upgrade = 'GET /v1/users/tom HTTP/1.1\nHost: x\nUpgrade: websocket\nConnection: Upgrade';
  const refused = await sendBytes(world, upgrade);
  assert.deepEqual([refused.status, refused.body?.error.code], [404, 800008], refused.text);
});

test('[JM-207] large bodies are read, and have an end', async () => {
  const names = Array.from({ length: 3000 }, (_, n) => `nobody-${n}`);
  refusedJm(await jm(world, 'POST', '/v1/users/userstat', names), 400, 899003);
  const items = [{ username: 'large', password: 'pw-large', ignored: 'x'.repeat(4 * 1024 * 1024) }];
  assert.equal((await jm(world, 'POST', '/v1/users', items)).status, 201);
  const expecting = `POST /v1/users/ HTTP/1.1\nHost: x\nAuthorization: {auth}\nExpect: 100-continue\nContent-Length: 44`;
  assert.equal(
    (await sendBytes(world, expecting, '[{"username":"curl","password":"pw-curling"}]'.slice(0, 44))).status,
    400,
  );
  const whole = '[{"username":"curl","password":"pw-curl-1"}]';
  assert.equal(whole.length, 44);
  assert.equal((await sendBytes(world, expecting, whole)).status, 201);
  const huge = [{ username: 'huge', password: 'pw-huge', ignored: 'x'.repeat(6 * 1024 * 1024) }];
  refusedJm(await jm(world, 'POST', '/v1/users', huge), 400, 899003);
  refusedJm(await jm(world, 'GET', '/v1/users/huge'), 403, 899002);
});

test('[JM-208] times are those of the zone', async () => {
  const { createdAt } = (await world.core.store.users.byId(world.app.no, 'tom')) ?? { createdAt: 0 };
  const shown = async () => (await jm(world, 'GET', '/v1/users/tom')).body.ctime;
  const inShanghai = new Date(createdAt + 8 * 3_600_000).toISOString();
  assert.equal(await shown(), inShanghai.slice(0, 19).replace('T', ' '));
  await world.set({ 'jmessage.timezone': 'UTC' });
  assert.equal(await shown(), new Date(createdAt).toISOString().slice(0, 19).replace('T', ' '));
});

test("[JM-210] the other door's paths are left alone", async () => {
  const answer = await fetch(`${world.url}/v1/route?appId=x`);
  assert.notEqual(answer.status, 401);
  // Its errors have another shape.
  const { error } = (await answer.json()) as { error?: unknown };
  assert.notEqual(typeof error, 'object');
});
