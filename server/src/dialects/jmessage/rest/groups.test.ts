// Groups, case by case.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
});
after(() => world.close());

const create = (body: unknown) => jm(world, 'POST', '/v1/groups/', body);
async function group(more: object = {}) {
  const answer = await create({ owner_username: 'tom', name: 'hikers', members_username: ['annie'], ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}
const show = async (gid: number) => (await jm(world, 'GET', `/v1/groups/${gid}`)).body;
const totalOf = async () => (await jm(world, 'GET', '/v1/groups')).body.total;

test('[JM-49] the keys of 2015', async () => {
  const { status, body } = await create({
    owner_username: 'tom',
    group_name: 'hikers',
    members_username: ['annie', 'eddie'],
    group_desc: 'on Sundays',
  });
  assert.equal(status, 201);
  assert.ok(Number.isInteger(body.gid));
  const { owner_username, group_name, members_username, group_desc } = body;
  assert.deepEqual(
    { owner_username, group_name, members_username, group_desc },
    { owner_username: 'tom', group_name: 'hikers', members_username: ['annie', 'eddie'], group_desc: 'on Sundays' },
  );
});

test('[JM-50] the later keys', async () => {
  const body = await group({ desc: 'on Sundays', flag: 1, group_name: 'older', group_desc: 'older' });
  assert.deepEqual([body.name, body.group_name], ['hikers', 'hikers']);
  assert.deepEqual([body.desc, body.group_desc], ['on Sundays', 'on Sundays']);
});

test('[JM-51] flags', async () => {
  for (const flag of [0, null, undefined, 1, '1']) assert.equal((await group({ flag })).flag, 1);
  assert.equal((await group({ flag: 2 })).flag, 2);
  for (const flag of [3, -1, 1.5, 'x', {}])
    refusedJm(await create({ owner_username: 'tom', name: 'hikers', flag }), 400, 899003);
});

test('[JM-52] what may be nothing', async () => {
  const body = await group({ desc: null, avatar: null, flag: null, members_username: [] });
  assert.deepEqual([body.desc, body.avatar, body.members_username], ['', undefined, []]);
  assert.equal((await group({ avatar: 'im/image/j/x' })).avatar, 'im/image/j/x');
});

test('[JM-53] nobody counts twice', async () => {
  const body = await group({ members_username: ['annie', 'tom', 'annie'], MaxMemberCount: 2 });
  assert.deepEqual([body.members_username, body.MaxMemberCount, body.level], [['annie'], 2, 1]);
});

test('[JM-54] owner, name and description', async () => {
  const before = await totalOf();
  const owner = { owner_username: 'tom' };
  const wrong = [
    { name: 'hikers' },
    owner,
    { ...owner, name: '' },
    { ...owner, name: 'x'.repeat(65) },
    { ...owner, name: '汤'.repeat(22) },
    { ...owner, name: 'two\nlines' },
    { ...owner, name: 5 },
    { ...owner, name: 'hikers', desc: 'x'.repeat(251) },
    { ...owner, name: 'hikers', members_username: 'annie' },
    { ...owner, name: 'hikers', members_username: [5] },
    { ...owner, name: 'hikers', MaxMemberCount: 'many' },
    [],
    'x',
  ];
  for (const body of wrong) refusedJm(await create(body), 400, 899003);
  assert.equal(await totalOf(), before);
  await group({ name: 'x'.repeat(64), desc: 'x'.repeat(250) });
});

test('[JM-55] unknown people', async () => {
  const before = await totalOf();
  const answer = await create({ owner_username: 'nobody', name: 'hikers' });
  refusedJm(answer, 403, 899002);
  assert.match(answer.text, /nobody/);
  refusedJm(await create({ owner_username: 'tom', name: 'hikers', members_username: ['annie', 'ghost'] }), 403, 899002);
  assert.equal(await totalOf(), before);
});

test('[JM-56] [JM-70] a full group', async () => {
  await world.set({ groupMembersMax: 3 });
  const answer = await create({ owner_username: 'tom', name: 'x', members_username: ['annie', 'eddie', 'boss'] });
  refusedJm(answer, 403, 899012);
  const { gid, MaxMemberCount } = await group({ members_username: ['annie', 'eddie'], MaxMemberCount: 2000 });
  assert.equal(MaxMemberCount, 3);
  refusedJm(await jm(world, 'POST', `/v1/groups/${gid}/members`, { add: ['boss'] }), 403, 899012);
  refusedJm(await jm(world, 'POST', `/v2/groups/${gid}/addMembers`, ['boss']), 403, 899012);
  await world.set({ groupMembersMax: 500 });
});

test('[JM-260] nobody is in more groups than the app allows', async () => {
  await register(world, 'busy1', 'busy2', 'busy3');
  await world.set({ 'jmessage.groupsPerUserMax': 2 });
  const { gid } = await group({ owner_username: 'busy3', members_username: [] });
  for (const name of ['one', 'two']) await group({ owner_username: 'busy1', name, members_username: ['busy2'] });
  refusedJm(await create({ owner_username: 'busy1', name: 'three' }), 403, 899015);
  refusedJm(await jm(world, 'POST', `/v1/groups/${gid}/members`, { add: ['busy2'] }), 403, 899015);
  await world.set({ 'jmessage.groupsPerUserMax': 500 });
});

test('[JM-57] a group in full', async () => {
  const { gid } = await group({ members_username: ['annie', 'boss'], MaxMemberCount: 150 });
  const body = await show(gid);
  const { mtime, ctime } = body;
  assert.deepEqual(body, {
    gid,
    owner_username: 'tom',
    name: 'hikers',
    group_name: 'hikers',
    members_username: ['annie', 'boss'],
    desc: '',
    group_desc: '',
    appkey: world.app.id,
    MaxMemberCount: 150,
    level: 3,
    flag: 1,
    mtime,
    ctime,
  });
  for (const time of [mtime, ctime]) assert.match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

test('[JM-58] gids', async () => {
  for (const method of ['GET', 'DELETE']) refusedJm(await jm(world, method, '/v1/groups/99999999'), 403, 899006);
  for (const gid of ['abc', '-1', '1.5', '1e7', '99999999999999999999'])
    refusedJm(await jm(world, 'GET', `/v1/groups/${gid}`), 400, 899003);
});

test('[JM-13] another app sees no group of this one', async () => {
  const { gid } = await group();
  const as = { as: world.other };
  for (const path of [`/v1/groups/${gid}`, `/v1/groups/${gid}/members`])
    refusedJm(await jm(world, 'GET', path, undefined, as), 403, 899006);
  refusedJm(await jm(world, 'DELETE', `/v1/groups/${gid}`, undefined, as), 403, 899006);
  refusedJm(
    await jm(
      world,
      'GET',
      `/v2/groups/${gid}/messages?count=1&begin_time=2026-01-01&end_time=2026-01-02`,
      undefined,
      as,
    ),
    403,
    899006,
  );
  assert.equal((await show(gid)).gid, gid);
});

test('[JM-60] deleting an unknown group', async () => {
  refusedJm(await jm(world, 'DELETE', '/v1/groups/99999999'), 403, 899006);
});

test('[JM-72] [JM-73] the groups of a user', async () => {
  await register(world, 'hermit', 'joiner');
  const gids = [];
  for (const owner of ['tom', 'joiner', 'tom'])
    gids.push((await group({ owner_username: owner, members_username: owner === 'tom' ? ['joiner'] : [] })).gid);
  assert.deepEqual((await jm(world, 'GET', '/v1/users/joiner/groups/')).body, gids);
  const objects = (await jm(world, 'GET', '/v1/users/joiner/groups')).body;
  assert.deepEqual(
    objects.map(({ gid }: { gid: number }) => gid),
    gids,
  );
  assert.deepEqual(objects[0], await show(gids[0]));
  for (const key of ['name', 'desc', 'appkey', 'MaxMemberCount', 'mtime', 'ctime']) assert.ok(key in objects[0]);
  assert.deepEqual((await jm(world, 'GET', '/v1/users/hermit/groups')).body, []);
  refusedJm(await jm(world, 'GET', '/v1/users/ghost/groups'), 403, 899002);
});

test('[JM-74] the list of groups', async () => {
  await group();
  const total = await totalOf();
  const ids = (await jm(world, 'GET', '/v1/groups/?start=0&count=1')).body;
  assert.deepEqual([ids.total, ids.start, ids.count, typeof ids.groups[0]], [total, 0, 1, 'number']);
  const objects = (await jm(world, 'GET', '/v1/groups?start=0&count=1')).body;
  assert.equal(objects.groups[0].gid, ids.groups[0]);
  assert.deepEqual((await jm(world, 'GET', `/v1/groups/?start=${total}`)).body.groups, []);
  for (const query of ['count=501', 'count=0', 'start=-1', 'count=x'])
    refusedJm(await jm(world, 'GET', `/v1/groups?${query}`), 400, 899003);
});

test('[JM-75] a change of a group', async () => {
  const { gid, mtime } = await group();
  const url = `/v1/groups/${gid}`;
  world.clock.advance(2_000);
  const change = { name: 'climbers', desc: 'on Saturdays', owner_username: 'annie', members_username: ['eddie'] };
  const { status, text } = await jm(world, 'PUT', url, change);
  assert.deepEqual([status, text], [204, '']);
  const body = await show(gid);
  assert.deepEqual(
    [body.name, body.desc, body.owner_username, body.members_username],
    ['climbers', 'on Saturdays', 'tom', ['annie']],
  );
  assert.ok(body.mtime > mtime);
  assert.equal((await jm(world, 'PUT', url, { group_name: 'older', avatar: 'a' })).status, 204);
  assert.deepEqual([(await show(gid)).name, (await show(gid)).avatar], ['older', 'a']);
  assert.equal((await jm(world, 'PUT', url, {})).status, 204);
  for (const wrong of [{ name: '' }, { name: 'x'.repeat(65) }, { desc: 5 }, [], 'x'])
    refusedJm(await jm(world, 'PUT', url, wrong), 400, 899003);
  refusedJm(await jm(world, 'PUT', '/v1/groups/99999999', { name: 'x' }), 403, 899006);
  assert.equal((await show(gid)).name, 'older');
});

test('[JM-76] gids are never given twice', async () => {
  const first = await group();
  assert.equal((await jm(world, 'DELETE', `/v1/groups/${first.gid}`)).status, 204);
  const gids = [first.gid];
  for (let n = 0; n < 5; n++) gids.push((await group()).gid);
  const room = await jm(world, 'POST', '/v1/chatroom', { name: 'lobby', owner_username: 'tom' });
  gids.push(room.body.chatroom_id);
  assert.equal(new Set(gids).size, gids.length);
  for (const gid of gids) assert.ok(gid >= 1000 && Number.isSafeInteger(gid));
});
