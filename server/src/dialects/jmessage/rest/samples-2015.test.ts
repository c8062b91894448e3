// The users half of the vendor's page of April 2015: its samples, run in their order. Commas and quotes that no JSON
// parser takes are set right; a group of names stands for the ones it leaves out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type JmOptions, jm } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

/** Plain HTTP of that time: no library's name. */
const plain: JmOptions = { headers: { 'user-agent': 'curl/7.35.0' } };
const call = (method: string, path: string, raw?: string) => jm(world, method, path, undefined, { ...plain, raw });

test('[JM-211] registration: who is there already is named, the others are created', async () => {
  const once = await call('POST', '/v1/users/', '[{"username": "dev_javen", "password": "password"}]');
  assert.equal(once.status, 201);
  const answer = await call(
    'POST',
    '/v1/users/',
    '[{"username": "dev_fang", "password": "password"}, \n {"username": "dev_javen", "password": "password"} \n] ',
  );
  assert.equal(answer.status, 201);
  assert.deepEqual(Object.keys(answer.body[0]), ['username']);
  assert.equal(answer.body[1].username, 'dev_javen');
  // The page says 8001 in its sample and 899001 in its table.
  assert.equal(answer.body[1].error.code, 899001);
  assert.equal(typeof answer.body[1].error.message, 'string');
  const twice = '[{"username": "dev_same", "password": "password"}, {"username": "dev_same", "password": "password"}]';
  assert.equal((await call('POST', '/v1/users/', twice)).status, 201);
});

test('[JM-211] a profile is changed and read with every key of the page', async () => {
  await call('POST', '/v1/users/', '[{"username": "test", "password": "password"}]');
  const profile = {
    nickname: 'hello',
    star: 2,
    avatar: '/avatar/path',
    birthday: '1990-01-24 00:00:00',
    gender: 0,
    signature: 'orz',
    region: 'shenzhen',
    address: 'shenzhen',
  };
  const changed = await call('PUT', '/v1/users/test', JSON.stringify(profile));
  assert.deepEqual([changed.status, changed.text], [204, '']);
  const { body } = await call('GET', '/v1/users/test');
  const { mtime, ctime, appkey, ...shown } = body;
  assert.deepEqual(shown, { username: 'test', ...profile });
  for (const time of [mtime, ctime]) assert.match(time, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
  const renamed = await call(
    'PUT',
    '/v1/users/test',
    '{\n\t"nickname": "Hello JMessage", \n\t"avatar" : "/avatar/path/new"}',
  );
  assert.equal(renamed.status, 204);
  const after = (await call('GET', '/v1/users/test')).body;
  assert.deepEqual([after.nickname, after.avatar, after.star], ['Hello JMessage', '/avatar/path/new', 2]);
});

test('[JM-211] a list of users holds their names', async () => {
  const { status, body } = await call('GET', '/v1/users/?start=1&count=2');
  assert.equal(status, 200, 'the page says 204, which has no body');
  assert.deepEqual(body, { total: 4, start: 1, count: 2, users: ['dev_fang', 'dev_same'] });
});

test('[JM-211] deleting', async () => {
  const answer = await call('DELETE', '/v1/users/test');
  assert.deepEqual([answer.status, answer.text], [204, '']);
});

test('[JM-211] errors: wrong credentials', async () => {
  const answer = await fetch(`${world.url}/v1/users/dev_fang`, { headers: { authorization: 'Basic x' } });
  assert.equal(answer.status, 401);
  const { error } = (await answer.json()) as { error: { code: number; message: string } };
  assert.deepEqual(error, { code: 899008, message: 'Basic authentication failed' });
});
