// Members of groups, owners and silences, case by case.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
let gid: number;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie', 'mary');
  await registerAdmin(world, 'boss');
});
after(() => world.close());
beforeEach(async () => {
  const body = { owner_username: 'tom', name: 'hikers', members_username: ['annie'] };
  gid = (await jm(world, 'POST', '/v1/groups', body)).body.gid;
});

const move = (body: unknown, no: number | string = gid) => jm(world, 'POST', `/v1/groups/${no}/members`, body);
const list = async (slash = '') => (await jm(world, 'GET', `/v1/groups/${gid}/members${slash}`)).body;
const names = async () => (await list()).map(({ username }: { username: string }) => username);
const fine = async (body: unknown) => {
  const { status, text } = await move(body);
  assert.deepEqual([status, text], [204, '']);
};

test('[JM-62] nobody is added twice', async () => {
  refusedJm(await move({ add: ['annie'] }), 400, 899011);
  refusedJm(await move({ add: ['eddie', 'tom'] }), 400, 899011);
  assert.deepEqual(await names(), ['tom', 'annie']);
});

test('[JM-63] one unknown name, and nobody is added', async () => {
  const answer = await move({ add: ['eddie', 'nobody'] });
  refusedJm(answer, 403, 899002);
  assert.match(answer.text, /nobody/);
  assert.deepEqual(await names(), ['tom', 'annie']);
});

test('[JM-64] an empty list beside a filled one', async () => {
  await fine({ add: ['eddie'], remove: [] });
  await fine({ add: null, remove: ['eddie'] });
  assert.deepEqual(await names(), ['tom', 'annie']);
});

test('[JM-65] nothing to do, and lists that are none', async () => {
  const many = Array.from({ length: 501 }, (_, n) => `u${n}`);
  const wrong = [
    {},
    { add: [], remove: [] },
    { add: 'eddie' },
    { add: [5] },
    { add: ['eddie'], remove: ['eddie'] },
    { add: many },
    [],
    'x',
    undefined,
  ];
  for (const body of wrong) refusedJm(await move(body), 400, 899003);
  refusedJm(await move({ add: ['eddie'] }, 'abc'), 400, 899003);
  refusedJm(await move({ add: ['eddie'] }, 99999999), 403, 899006);
  assert.deepEqual(await names(), ['tom', 'annie']);
});

test('[JM-66] what was added stays when the removal fails', async () => {
  refusedJm(await move({ add: ['eddie'], remove: ['annie', 'mary'] }), 403, 899014);
  assert.deepEqual(await names(), ['tom', 'annie', 'eddie']);
  refusedJm(await move({ remove: ['mary'] }), 403, 899014);
  refusedJm(await move({ remove: ['ghost'] }), 403, 899014);
});

test('[JM-67] in and out in one request', async () => {
  const { mtime } = (await jm(world, 'GET', `/v1/groups/${gid}`)).body;
  world.clock.advance(2_000);
  await fine({ add: ['eddie'], remove: ['annie'] });
  assert.deepEqual(await names(), ['tom', 'eddie']);
  assert.ok((await jm(world, 'GET', `/v1/groups/${gid}`)).body.mtime > mtime);
});

test('[JM-68] the owner is removed', async () => {
  await fine({ add: ['eddie'] });
  await fine({ remove: ['tom'] });
  assert.deepEqual(
    (await list()).map(({ username, flag }: { username: string; flag: number }) => [username, flag]),
    [
      ['annie', 1],
      ['eddie', 0],
    ],
  );
  assert.equal((await jm(world, 'GET', `/v1/groups/${gid}`)).body.owner_username, 'annie');
});

test('[JM-69] the last one is removed', async () => {
  await fine({ remove: ['annie', 'tom'] });
  refusedJm(await jm(world, 'GET', `/v1/groups/${gid}`), 403, 899006);
});

test('[JM-71] the list', async () => {
  await jm(world, 'PUT', '/v1/users/annie', { nickname: 'Ann', birthday: '1990-01-24' });
  await fine({ add: ['boss'] });
  const all = await list();
  assert.deepEqual(await list('/'), all);
  const appkey = world.app.id;
  const time = all[0].ctime;
  assert.match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  const ctime = all.map((one: { ctime: string }) => one.ctime);
  assert.deepEqual(all, [
    { username: 'tom', flag: 1, ctime: ctime[0], appkey },
    { username: 'annie', flag: 0, ctime: ctime[1], appkey, nickname: 'Ann', birthday: '1990-01-24 00:00:00' },
    { username: 'boss', flag: 0, ctime: ctime[2], appkey },
  ]);
  refusedJm(await jm(world, 'GET', '/v1/groups/99999999/members'), 403, 899006);
  refusedJm(await jm(world, 'GET', '/v1/groups/x/members'), 400, 899003);
});

test('[JM-261] adding and removing have paths of their own', async () => {
  const call = (name: string, body: unknown) => jm(world, 'POST', `/v2/groups/${gid}/${name}`, body);
  assert.equal((await call('addMembers', ['eddie', 'mary'])).status, 204);
  assert.deepEqual(await names(), ['tom', 'annie', 'eddie', 'mary']);
  refusedJm(await call('addMembers', ['mary']), 400, 899011);
  assert.equal((await call('delMembers/', ['tom', 'mary'])).status, 204);
  assert.deepEqual(await names(), ['annie', 'eddie']);
  refusedJm(await call('delMembers', ['mary']), 403, 899014);
  for (const body of [{}, [], 'x', [5], undefined])
    for (const name of ['addMembers', 'delMembers']) refusedJm(await call(name, body), 400, 899003);
});

test('[JM-105] silence', async () => {
  const silence = (status: string, body: unknown = ['annie']) =>
    jm(world, 'PUT', `/v1/groups/messages/${gid}/silence?status=${status}`, body);
  const say = () =>
    jm(world, 'POST', '/v1/messages', {
      version: 1,
      target_type: 'group',
      target_id: gid,
      from_type: 'user',
      from_id: 'annie',
      msg_type: 'text',
      msg_body: { text: 'hi' },
    });
  assert.equal((await silence('true')).status, 204);
  assert.equal((await silence('true')).status, 204);
  refusedJm(await say(), 403, 803012);
  assert.equal((await silence('false')).status, 204);
  assert.equal((await say()).status, 200);
  for (const status of ['true', 'false']) {
    refusedJm(await silence(status, ['annie', 'eddie']), 403, 765001);
    refusedJm(await silence(status, ['ghost']), 403, 899002);
    for (const body of [[], {}, 'annie']) refusedJm(await silence(status, body), 400, 899003);
  }
  refusedJm(await silence('maybe'), 400, 899003);
  refusedJm(await silence(''), 400, 899003);
  refusedJm(await jm(world, 'PUT', '/v1/groups/messages/99999999/silence?status=1', ['annie']), 403, 899006);
  assert.equal((await silence('1')).status, 204);
  await fine({ remove: ['annie'] });
  await fine({ add: ['annie'] });
  assert.equal((await say()).status, 200, 'leaving lifts it');
});

test('[JM-106] a new owner', async () => {
  const give = (body: unknown, no: number | string = gid) => jm(world, 'PUT', `/v1/groups/owner/${no}`, body);
  assert.equal((await give({ username: 'annie', appKey: world.app.id })).status, 204);
  assert.deepEqual(
    (await list()).map(({ username, flag }: { username: string; flag: number }) => [username, flag]),
    [
      ['annie', 1],
      ['tom', 0],
    ],
  );
  assert.equal((await give({ username: 'tom', appkey: world.app.id })).status, 204);
  refusedJm(await give({ username: 'eddie' }), 400, 899003);
  refusedJm(await give({ username: 'ghost' }), 403, 899002);
  refusedJm(await give({ username: 'annie', appkey: 'none' }), 400, 899009);
  refusedJm(await give({ username: 'annie', appKey: world.other.id }), 403, 899020);
  for (const body of [{}, [], { username: 5 }]) refusedJm(await give(body), 400, 899003);
  refusedJm(await give({ username: 'annie' }, 99999999), 403, 899006);
  assert.equal((await list())[0].username, 'tom');
});
