// Users: reading, changing, deleting, the list.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { done } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
});
after(() => world.close());

const get = (name: string) => jm(world, 'GET', `/v1/users/${name}`);
const put = (name: string, body: unknown) => jm(world, 'PUT', `/v1/users/${name}`, body);
const shown = async (name: string) => {
  const { mtime, ctime, ...rest } = done(await get(name));
  return rest;
};

test('[JM-29] a fresh user', async () => {
  const { body } = await get('tom');
  assert.deepEqual(Object.keys(body).sort(), ['appkey', 'ctime', 'mtime', 'username']);
  assert.equal(body.appkey, world.app.id);
  for (const time of [body.mtime, body.ctime]) assert.match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

test('[JM-30] nothing of the password', async () => {
  const { text } = await get('tom');
  assert.doesNotMatch(text, /pw-tom|pass|argon|hash|\$/i);
  const list = await jm(world, 'GET', '/v1/users');
  assert.doesNotMatch(list.text, /pw-|pass|argon|hash|\$/i);
});

test('[JM-31] unknown and impossible names', async () => {
  for (const name of ['nobody', '_nobody', 'ab', 'a', 'x'.repeat(128), 'no@body', 'constructor', '__proto__'])
    refusedJm(await get(name), 403, 899002);
  for (const name of ['a%26b', 'a&b', '%E6%B1%A4', 'a%20b', 'a%2Fb', '%00', 'x'.repeat(129), "'or'1"])
    refusedJm(await get(name), 400, 899003);
});

test('[JM-32] [JM-218] a change moves the time of change alone, an empty one too', async () => {
  const before = (await get('tom')).body;
  world.clock.advance(2_000);
  const answer = await put('tom', { nickname: 'Tommy', avatar: 'qiniu/image/j/0' });
  assert.deepEqual([answer.status, answer.text], [204, '']);
  const after = (await get('tom')).body;
  assert.deepEqual([after.nickname, after.avatar, after.ctime], ['Tommy', 'qiniu/image/j/0', before.ctime]);
  assert.ok(after.mtime > before.mtime);
  world.clock.advance(2_000);
  assert.equal((await put('tom', {})).status, 204);
  assert.ok((await get('tom')).body.mtime > after.mtime);
});

test('[JM-33] a birthday', async () => {
  await put('tom', { birthday: '1990-01-24' });
  assert.equal((await shown('tom')).birthday, '1990-01-24 00:00:00');
});

test('[JM-34] what is not named stays', async () => {
  await put('tom', { nickname: 'Tom', extras: { a: 1 } });
  await put('tom', { region: 'shenzhen' });
  const { nickname, region, extras } = await shown('tom');
  assert.deepEqual({ nickname, region, extras }, { nickname: 'Tom', region: 'shenzhen', extras: { a: 1 } });
  await put('tom', { extras: { b: 2 } });
  assert.deepEqual((await shown('tom')).extras, { b: 2 });
});

test('[JM-35] null and the empty text', async () => {
  await put('tom', { nickname: 'Tom' });
  assert.equal((await put('tom', { nickname: null })).status, 204);
  assert.equal((await shown('tom')).nickname, 'Tom');
  assert.equal((await put('tom', { nickname: '', birthday: '' })).status, 204);
  const { nickname, birthday } = await shown('tom');
  assert.deepEqual([nickname, birthday], ['', '']);
});

test('[JM-36] what cannot be changed here', async () => {
  const before = await shown('tom');
  const others = { username: 'x', password: 'y', foo: 1, appkey: 'z', mtime: 'm', ctime: 'c' };
  assert.equal((await put('tom', others)).status, 204);
  assert.deepEqual(await shown('tom'), before);
  refusedJm(await get('x'), 403, 899002);
});

test('[JM-37] wrong changes', async () => {
  await put('tom', { nickname: 'before', gender: 1 });
  for (const body of [[], ['a'], 'x', 7, { nickname: 'after', gender: 5 }, { nickname: 'x'.repeat(65) }])
    refusedJm(await put('tom', body), 400, 899003);
  assert.equal((await shown('tom')).nickname, 'before');
  refusedJm(await put('nobody', {}), 403, 899002);
  refusedJm(await put('nobody', []), 400, 899003);
});

test('[JM-38] stars', async () => {
  await put('tom', { star: 2 });
  assert.equal((await shown('tom')).star, 2);
});

test('[JM-39] deleting', async () => {
  await register(world, 'gone');
  const answer = await jm(world, 'DELETE', '/v1/users/gone');
  assert.deepEqual([answer.status, answer.text], [204, '']);
  refusedJm(await get('gone'), 403, 899002);
  refusedJm(await jm(world, 'DELETE', '/v1/users/gone'), 403, 899002);
  await registerAdmin(world, 'chief');
  assert.equal((await jm(world, 'DELETE', '/v1/users/chief')).status, 204);
  refusedJm(await jm(world, 'GET', '/v1/admins/chief'), 403, 899002);
});

test('[JM-40] never everybody', async () => {
  const { total } = (await jm(world, 'GET', '/v1/users')).body;
  for (const path of ['/v1/users/', '/v1/users']) {
    for (const body of [{}, 'tom', [], undefined]) refusedJm(await jm(world, 'DELETE', path, body), 400, 899003);
  }
  assert.equal((await jm(world, 'GET', '/v1/users')).body.total, total);
});

test('[JM-41] several at once, or none', async () => {
  await register(world, 'g01', 'g02', 'g03');
  refusedJm(await jm(world, 'DELETE', '/v1/users/', ['g01', 'nobody']), 403, 899002);
  assert.equal((await get('g01')).status, 200);
  const answer = await jm(world, 'DELETE', '/v1/users/', ['g01', 'g02']);
  assert.deepEqual([answer.status, answer.body], [200, {}]);
  for (const name of ['g01', 'g02']) refusedJm(await get(name), 403, 899002);
  const many = Array.from({ length: 101 }, (_, n) => (n === 0 ? 'g03' : `many${n}`));
  refusedJm(await jm(world, 'DELETE', '/v1/users/', many), 400, 899003);
  assert.equal((await get('g03')).status, 200);
});

const list = (path: string, headers?: Record<string, string>) => jm(world, 'GET', path, undefined, { headers });
/** fetch names itself; hand-written code of 2015 did not. */
const plain = { 'user-agent': 'Mozilla/4.0' };

test('[JM-42] [JM-43] [JM-44] the shapes of the list', async () => {
  const { total } = (await list('/v1/users')).body;
  const ids = (await list('/v1/users/?start=0&count=2', plain)).body;
  assert.deepEqual(ids, { total, start: 0, count: 2, users: ['annie', 'eddie'] });
  const objects = (await list('/v1/users?start=0&count=2')).body;
  assert.deepEqual([objects.total, objects.count], [total, 2]);
  assert.deepEqual(objects.users, [(await get('annie')).body, (await get('eddie')).body]);
  const agents = [
    'jpush-api-python-client',
    'JPush-API-Java-Client/1.0',
    'JMessage-Api-PHP-Client',
    'JMessage-API-GO-Client',
  ];
  for (const agent of agents)
    assert.deepEqual((await list('/v1/users/?count=2', { 'user-agent': agent })).body.users, objects.users, agent);
  assert.deepEqual((await list('/v1/users/?count=2', { 'request-time': '1' })).body.users, objects.users);
});

test('[JM-45] the setting decides', async () => {
  await world.set({ 'jmessage.listShape': 'ids' });
  for (const path of ['/v1/users', '/v1/users/'])
    assert.equal(typeof (await list(path, { 'request-time': '1' })).body.users[0], 'string');
  await world.set({ 'jmessage.listShape': 'objects' });
  for (const path of ['/v1/users', '/v1/users/'])
    assert.equal(typeof (await list(path, plain)).body.users[0], 'object');
  await world.set({ 'jmessage.listShape': 'auto' });
});

test('[JM-46] [JM-47] [JM-48] pages', async () => {
  const { total } = (await list('/v1/users')).body;
  assert.deepEqual((await list(`/v1/users/?start=${total}&count=5`)).body, {
    total,
    start: total,
    count: 0,
    users: [],
  });
  for (const query of ['count=0', 'count=501', 'count=-1', 'count=x', 'start=-1', 'start=x', 'count=1.5', 'start=1e3'])
    refusedJm(await list(`/v1/users/?${query}`), 400, 899003);
  await register(world, ...Array.from({ length: 120 }, (_, n) => `more${n}`));
  const { start, count, users } = (await list('/v1/users/')).body;
  assert.deepEqual([start, count, users.length, users[0]], [0, 100, 100, 'annie']);
  const rest = (await list(`/v1/users/?start=100&count=500`, plain)).body;
  assert.equal(rest.count, total + 20);
  assert.equal(new Set([...users, ...rest.users]).size, total + 120);
});

test('[JM-216] users of other doors', async () => {
  const unusual = '汤姆 & co';
  await world.core.store.users.ensure(world.app.no, [unusual], world.clock.now());
  assert.equal((await shown(encodeURIComponent(unusual))).username, unusual);
});

test('[JM-217] nothing is left of a deleted user', async () => {
  await register(world, 'leaver', 'friend');
  done(await world.rest('POST', '/groups', { owner: 'leaver', members: ['friend'] }));
  const owned = done(await world.rest('POST', '/groups', { owner: 'leaver', members: ['friend'] }));
  for (const path of ['friends', 'blacklist']) {
    assert.ok(
      (await jm(world, path === 'friends' ? 'POST' : 'PUT', `/v1/users/friend/${path}`, ['leaver'])).status < 300,
    );
  }
  assert.equal((await jm(world, 'DELETE', '/v1/users/leaver')).status, 204);
  assert.deepEqual((await jm(world, 'GET', '/v1/users/friend/friends')).body, []);
  assert.deepEqual((await jm(world, 'GET', '/v1/users/friend/blacklist')).body, []);
  assert.equal(done(await world.rest('GET', `/groups/${owned}`)).owner, 'friend');
  await register(world, 'leaver');
  assert.deepEqual((await jm(world, 'GET', '/v1/users/leaver/friends')).body, []);
  assert.deepEqual(done(await world.rest('GET', '/ctx/leaver')).groups, []);
});
