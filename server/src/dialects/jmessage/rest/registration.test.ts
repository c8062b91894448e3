// Registration of users: what may be registered, and what the answer says of each.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { type Answer, openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom');
  await registerAdmin(world, 'boss');
});
after(() => world.close());

const post = (items: unknown): Promise<Answer> => jm(world, 'POST', '/v1/users/', items);
const one = (more: object) => post([{ username: 'never', password: 'pw-1234', ...more }]);

/** Nobody was created, and the array says why. */
function invalid(answer: Answer, what = ''): void {
  assert.deepEqual([answer.status, answer.body?.[0]?.error?.code], [400, 899003], `${what} ${answer.text}`);
  assert.ok(Array.isArray(answer.body));
}

test('[JM-14] one new user', async () => {
  const answer = await post([{ username: 'new1', password: 'pw-1234' }]);
  assert.equal(answer.status, 201);
  assert.equal(answer.text, '[{"username":"new1"}]');
  const bare = await jm(world, 'POST', '/v1/users', [{ username: 'new2', password: 'pw-1234' }]);
  assert.equal(bare.text, '[{"username":"new2"}]');
});

test('[JM-15] new and existing ones', async () => {
  const answer = await post([
    { username: 'wang_li', password: 'pw-1234' },
    { username: 'tom', password: 'pw-1234', nickname: 'Tommy' },
  ]);
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.body, [
    { username: 'wang_li' },
    { username: 'tom', error: { code: 899001, message: 'User exist' } },
  ]);
  assert.ok(!('nickname' in (await jm(world, 'GET', '/v1/users/tom')).body));
});

test('[JM-16] an existing one alone', async () => {
  const answer = await post([{ username: 'tom', password: 'pw-1234' }]);
  assert.equal(answer.status, 403);
  assert.deepEqual(answer.body, [{ username: 'tom', error: { code: 899001, message: 'User exist' } }]);
});

test('[JM-17] only invalid ones', async () => {
  const answer = await post([{ username: '_x', password: 'pw-1234' }, 'tom', { password: 'pw-1234' }, 7, null]);
  invalid(answer);
  assert.deepEqual(
    answer.body.map((item: { username: string }) => item.username),
    ['_x', '', '', '', ''],
  );
  for (const item of answer.body) assert.equal(item.error.code, 899003);
  const mixed = await post([{ username: 'tom', password: 'pw-1234' }, { username: '_x' }]);
  assert.equal(mixed.status, 403, 'the first one decides');
});

test('[JM-18] a name twice', async () => {
  const answer = await post([
    { username: 'twin', password: 'pw-first' },
    { username: 'twin', password: 'pw-second' },
  ]);
  assert.equal(answer.status, 201);
  assert.deepEqual(
    answer.body.map((item: { error?: { code: number } }) => item.error?.code),
    [undefined, 899001],
  );
  const again = await post([
    { username: 'pair', password: 'x' },
    { username: 'pair', password: 'pw-1234' },
  ]);
  assert.deepEqual(
    again.body.map((item: { error?: { code: number } }) => item.error?.code),
    [899003, undefined],
    'an invalid one takes no name',
  );
});

test('[JM-19] 500 and 501', async () => {
  const many = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ username: `${prefix}${n}`, password: 'pw-1234' }));
  refusedJm(await post(many('over', 501)), 403, 899013);
  refusedJm(await jm(world, 'GET', '/v1/users/over0'), 403, 899002);
  const answer = await post(many('crowd', 500));
  assert.equal(answer.status, 201);
  assert.equal(answer.body.length, 500);
  assert.ok(answer.body.every((item: object) => !('error' in item)));
  assert.equal((await jm(world, 'GET', '/v1/users/crowd499')).status, 200);
});

test('[JM-20] no array, or an empty one', async () => {
  for (const body of [{}, [], 'x', 7, true, null, { username: 'never', password: 'pw-1234' }])
    refusedJm(await post(body), 400, 899003);
  refusedJm(await jm(world, 'POST', '/v1/users/'), 400, 899003);
});

test('[JM-21] names', async () => {
  const long = 'n'.repeat(128);
  for (const username of ['tom2', 't.o-m_2@x', '9lives', '138', long])
    assert.equal((await post([{ username, password: 'pw-1234' }])).status, 201, username);
  for (const username of [
    '_tom',
    '@tom',
    '.tom',
    '-tom',
    'to m',
    '汤姆',
    'tom\n',
    `${long}n`,
    'ab',
    '',
    'a,b',
    'tom。',
    7,
    null,
  ])
    invalid(await post([{ username, password: 'pw-1234' }]), String(username));
});

test('[JM-22] the least length is a setting', async () => {
  assert.equal((await post([{ username: 'tim', password: 'pw-1234' }])).status, 201);
  await world.set({ 'jmessage.usernameBytesMin': 4 });
  invalid(await post([{ username: 'kim', password: 'pw-1234' }]));
  assert.equal((await jm(world, 'GET', '/v1/users/tim')).status, 200);
  await world.set({ 'jmessage.usernameBytesMin': 3 });
});

test('[JM-23] passwords', async () => {
  for (const password of ['123', 'x'.repeat(129), '汤'.repeat(43), '', 1234, null, undefined])
    invalid(await one({ password }));
  const good = ['1234', 'x'.repeat(128), ' 汤 姆 ', '汤'.repeat(42)];
  for (const [n, password] of good.entries())
    assert.equal((await post([{ username: `pass${n}`, password }])).status, 201, password);
});

test('[JM-24] profiles', async () => {
  const wrong = [
    { nickname: 'x'.repeat(65) },
    { nickname: '汤'.repeat(22) },
    { nickname: 'a\nb' },
    { nickname: 'a\rb' },
    { nickname: 7 },
    { gender: 3 },
    { gender: -1 },
    { gender: 'x' },
    { gender: 1.5 },
    { birthday: '2015-02-30' },
    { birthday: '1990' },
    { birthday: 19900124 },
    { signature: 'x'.repeat(251) },
    { region: 'x'.repeat(251) },
    { address: 'x'.repeat(251) },
    { avatar: 'x'.repeat(256) },
    { star: -1 },
    { extras: [] },
    { extras: 'x' },
  ];
  for (const profile of wrong) invalid(await one(profile), JSON.stringify(profile));
  const full = {
    nickname: '😀'.repeat(16),
    avatar: 'qiniu/image/j/0123',
    birthday: '1990-01-24 12:00:00',
    gender: 0,
    signature: '\n'.repeat(250),
    region: 'x'.repeat(250),
    address: '',
    extras: { a: { b: [1, 2.5, true, null] } },
    star: 0,
  };
  assert.equal((await post([{ username: 'full', password: 'pw-1234', ...full }])).status, 201);
  const { appkey, username, mtime, ctime, ...shown } = (await jm(world, 'GET', '/v1/users/full')).body;
  assert.deepEqual(shown, { ...full, birthday: '1990-01-24 00:00:00' });
  assert.equal(mtime, ctime);
});

test('[JM-25] extras to the byte', async () => {
  const extras = (bytes: number) => ({ e: 'x'.repeat(bytes - '{"e":""}'.length) });
  assert.equal(JSON.stringify(extras(512)).length, 512);
  invalid(await one({ extras: extras(513) }));
  assert.equal((await post([{ username: 'extra', password: 'pw-1234', extras: extras(512) }])).status, 201);
});

test('[JM-26] unknown keys', async () => {
  const more = { appkey: 'x', foo: { bar: 1 }, constructor: 1 };
  assert.equal((await post([{ username: 'keys', password: 'pw-1234', ...more }])).status, 201);
  const { body } = await jm(world, 'GET', '/v1/users/keys');
  assert.deepEqual(Object.keys(body).sort(), ['appkey', 'ctime', 'mtime', 'username']);
  assert.equal(body.appkey, world.app.id);
});

test('[JM-27] a race for a name', async () => {
  for (let round = 0; round < 5; round++) {
    const names = [`race${round}a`, `race${round}b`];
    const asked = Array.from({ length: 6 }, (_, n) =>
      post(names.map((username) => ({ username, password: `pw-${n}-${username}` }))),
    );
    const answers = await Promise.all(asked);
    for (const [i, name] of names.entries()) {
      const winners = answers.filter(({ body }) => body[i].username === name && !body[i].error);
      assert.equal(winners.length, 1, name);
      for (const { body } of answers) if (body[i].error) assert.equal(body[i].error.code, 899001);
    }
  }
});

test("[JM-28] an admin's name is taken, and a user's for admins", async () => {
  const answer = await post([{ username: 'boss', password: 'pw-1234' }]);
  assert.deepEqual([answer.status, answer.body[0].error.code], [403, 899001]);
  refusedJm(await jm(world, 'POST', '/v1/admins/', { username: 'tom', password: 'pw-1234' }), 403, 899001);
});
