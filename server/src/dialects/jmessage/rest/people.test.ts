// Admins, passwords, online state, the blacklist, friends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';
import { provePassword } from '../../../core/accounts/prove-password.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
});
after(() => world.close());

const call = (method: string, path: string, body?: unknown) => jm(world, method, `/v1/users/${path}`, body);
const ok = async (status: number, method: string, path: string, body?: unknown) => {
  const answer = await call(method, path, body);
  assert.deepEqual([answer.status, answer.text], [status, ''], `${method} ${path}`);
};
const refused = async (status: number, code: number, method: string, path: string, body?: unknown) =>
  refusedJm(await call(method, path, body), status, code);
const names = async (path: string): Promise<string[]> =>
  (await call('GET', path)).body.map(({ username }: { username: string }) => username);

test('[JM-93] admins are registered one by one', async () => {
  const answer = await jm(world, 'POST', '/v1/admins/', { username: 'chief', password: 'pw-1234', nickname: 'C' });
  assert.deepEqual([answer.status, answer.body], [201, { username: 'chief' }]);
  const array = await jm(world, 'POST', '/v1/admins', [{ username: 'chief2', password: 'pw-1234' }]);
  assert.deepEqual([array.status, array.body], [201, { username: 'chief2' }]);
  for (const username of ['chief', 'tom'])
    refusedJm(await jm(world, 'POST', '/v1/admins/', { username, password: 'pw-1234' }), 403, 899001);
  const two = ['a', 'b'].map((n) => ({ username: `two${n}`, password: 'pw-1234' }));
  for (const body of [two, [], {}, { username: '_x', password: 'pw-1234' }, { username: 'three' }, 'x', undefined])
    refusedJm(await jm(world, 'POST', '/v1/admins/', body), 400, 899003);
  assert.equal((await jm(world, 'GET', '/v1/users/chief')).body.nickname, 'C');
});

test('[JM-94] the list of admins, and one of them', async () => {
  for (const path of ['/v1/admins?start=0&count=1', '/v1/admins/?start=0&count=1']) {
    const { body } = await jm(world, 'GET', path);
    assert.deepEqual([body.total, body.start, body.count], [3, 0, 1]);
    assert.deepEqual(Object.keys(body.users[0]).sort(), ['appkey', 'ctime', 'mtime', 'username']);
    assert.equal(body.users[0].username, 'boss');
  }
  refusedJm(await jm(world, 'GET', '/v1/admins?count=501'), 400, 899003);
  const { total, users } = (await jm(world, 'GET', '/v1/users/')).body;
  assert.equal(total, users.length);
  assert.ok(!users.includes('boss') && users.includes('tom'));
  assert.equal((await jm(world, 'GET', '/v1/admins/boss')).body.username, 'boss');
  assert.equal((await jm(world, 'PUT', '/v1/admins/boss', { nickname: 'B' })).status, 204);
  assert.equal((await jm(world, 'GET', '/v1/admins/boss/')).body.nickname, 'B');
  for (const method of ['GET', 'PUT'])
    refusedJm(await jm(world, method, '/v1/admins/tom', method === 'PUT' ? {} : undefined), 403, 899002);
});

const logIn = (name: string, plain: string) => provePassword(world.core, world.app, { username: name }, { plain });

test('[JM-95] a new password', async () => {
  assert.equal((await logIn('tom', 'pw-tom')).userId, 'tom');
  const before = (await call('GET', 'tom')).body.mtime;
  world.clock.advance(2_000);
  await ok(204, 'PUT', 'tom/password', { new_password: '654321' });
  assert.equal((await call('GET', 'tom')).body.mtime, before);
  await assert.rejects(logIn('tom', 'pw-tom'), { code: 'unauthenticated' });
  assert.equal((await logIn('tom', '654321')).userId, 'tom');
  for (const new_password of ['123', 'x'.repeat(129), '', 7, null])
    await refused(400, 899003, 'PUT', 'tom/password', { new_password });
  await refused(400, 899003, 'PUT', 'tom/password', {});
  await refused(403, 899002, 'PUT', 'nobody/password', { new_password: '654321' });
  await world.core.store.users.ensure(world.app.no, ['guest'], world.clock.now());
  await ok(204, 'PUT', 'guest/password', { new_password: 'pw-guest' });
  assert.equal((await logIn('guest', 'pw-guest')).userId, 'guest');
});

test('[JM-96] [JM-97] who never logged in', async () => {
  assert.deepEqual((await call('GET', 'annie/userstat')).body, { login: false, online: false });
  await refused(403, 899002, 'GET', 'nobody/userstat');
  const asked = await call('POST', 'userstat', ['annie', 'eddie']);
  assert.deepEqual(asked.body, [
    { username: 'annie', devices: [] },
    { username: 'eddie', devices: [] },
  ]);
  await refused(403, 899002, 'POST', 'userstat', ['annie', 'nobody']);
  for (const body of [[], {}, 'annie', undefined]) await refused(400, 899003, 'POST', 'userstat', body);
  for (const path of ['/v2/users/statuser', '/v2/users/userstat/']) {
    const { status, body } = await jm(world, 'POST', path, ['annie', 'nobody']);
    assert.equal(status, 200);
    assert.deepEqual(body, [
      { username: 'annie', devices: [], statuscode: 0 },
      { username: 'nobody', devices: [], statuscode: 1, statusmsg: 'no_exist' },
    ]);
  }
});

test('[JM-98] the blacklist', async () => {
  const path = 'annie/blacklist';
  assert.deepEqual((await call('GET', path)).body, []);
  await ok(204, 'PUT', path, ['tom']);
  await refused(403, 899017, 'PUT', path, ['eddie', 'tom']);
  assert.deepEqual(await names(path), ['tom'], 'all or none');
  await refused(403, 899018, 'PUT', path, ['boss']);
  await refused(403, 899019, 'DELETE', path, ['tom', 'eddie']);
  await refused(400, 899003, 'PUT', path, ['annie']);
  await refused(403, 899002, 'PUT', path, ['nobody']);
  await ok(204, 'PUT', path, ['eddie']);
  const { body } = await call('GET', path);
  assert.deepEqual(body[1], (await call('GET', 'eddie')).body);
  await ok(204, 'DELETE', path, ['tom', 'eddie']);
  await refused(403, 899019, 'DELETE', path, ['tom']);
  await refused(403, 899002, 'GET', 'nobody/blacklist');
});

test('[JM-99] a bare name is no list', async () => {
  for (const raw of ['annie', '"annie"', '{}', '{"usernames":["annie"]}', '[]', '[7]', '']) {
    for (const method of ['PUT', 'DELETE'])
      refusedJm(await jm(world, method, '/v1/users/tom/blacklist', undefined, { raw }), 400, 899003);
  }
});

test('[JM-100] friends', async () => {
  await ok(201, 'POST', 'tom/friends', ['annie', 'annie']);
  assert.deepEqual([await names('tom/friends'), await names('annie/friends')], [['annie'], ['tom']]);
  await refused(403, 899070, 'POST', 'tom/friends', ['eddie', 'annie']);
  await refused(403, 899070, 'POST', 'annie/friends', ['tom']);
  assert.deepEqual(await names('eddie/friends'), [], 'the whole request is refused');
  await refused(400, 899003, 'POST', 'tom/friends', ['tom']);
  await refused(403, 899002, 'POST', 'tom/friends', ['eddie', 'nobody']);
  await refused(403, 899002, 'POST', 'nobody/friends', ['eddie']);
  await refused(
    400,
    899003,
    'POST',
    'tom/friends',
    Array.from({ length: 501 }, (_, n) => `n${n}`),
  );
  for (const body of [{}, [], 'annie', [7]]) await refused(400, 899003, 'POST', 'tom/friends', body);
  await ok(204, 'DELETE', 'tom/friends', ['annie', 'eddie']);
  assert.deepEqual([await names('tom/friends'), await names('annie/friends')], [[], []]);
  await ok(204, 'DELETE', 'tom/friends', ['annie']);
});

test('[JM-101] notes', async () => {
  await ok(201, 'POST', 'tom/friends', ['annie', 'eddie']);
  await ok(204, 'PUT', 'tom/friends', [
    { username: 'annie', note_name: 'Ann', others: 'from school' },
    { username: 'eddie', note_name: 'Ed' },
  ]);
  await ok(204, 'PUT', 'tom/friends', { username: 'eddie', others: 'x' });
  const { body } = await call('GET', 'tom/friends');
  const notes = body.map(({ username, note_name, others }: Record<string, string>) => ({
    username,
    note_name,
    others,
  }));
  assert.deepEqual(notes, [
    { username: 'annie', note_name: 'Ann', others: 'from school' },
    { username: 'eddie', note_name: 'Ed', others: 'x' },
  ]);
  assert.ok(!('note_name' in (await call('GET', 'annie/friends')).body[0]), 'for himself alone');
  await register(world, 'mary');
  const stranger = { username: 'mary', note_name: 'M' };
  await refused(403, 899071, 'PUT', 'tom/friends', [{ username: 'annie', note_name: 'Other' }, stranger]);
  await refused(403, 899071, 'PUT', 'tom/friends', stranger);
  assert.equal((await call('GET', 'tom/friends')).body[0].note_name, 'Ann');
  const wrong = [
    { username: 'annie', note_name: 'x'.repeat(65) },
    { username: 'annie', note_name: 'a\nb' },
    { username: 'annie', others: 'x'.repeat(251) },
    { note_name: 'x' },
    [],
    [['annie']],
    'annie',
  ];
  for (const body of wrong) await refused(400, 899003, 'PUT', 'tom/friends', body);
  await refused(403, 899002, 'PUT', 'tom/friends', { username: 'nobody', note_name: 'x' });
});
