// Chat rooms, case by case.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { jm, refusedJm, register } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
let room: number;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie', 'mary');
});
after(() => world.close());

const create = (more: object = {}) =>
  jm(world, 'POST', '/v1/chatroom/', { name: 'lobby', owner_username: 'tom', members_username: ['annie'], ...more });
beforeEach(async () => {
  const { status, body } = await create({ description: 'come in', flag: 1 });
  assert.equal(status, 201);
  room = body.chatroom_id;
});
const people = async () => (await jm(world, 'GET', `/v1/chatroom/${room}/members`)).body.users;
const names = async () => (await people()).map(({ username }: { username: string }) => username);

test('[JM-107] rooms are shown in every list', async () => {
  assert.ok(Number.isInteger(room) && room >= 1000);
  const shown = {
    id: room,
    owner_username: 'tom',
    appkey: world.app.id,
    name: 'lobby',
    description: 'come in',
    max_member_count: 10_000,
    total_member_count: 2,
  };
  const [one] = (await jm(world, 'POST', '/v1/chatroom/batch', [99999999, room, String(room)])).body;
  assert.deepEqual(one, { ...shown, ctime: one.ctime });
  const { body: page } = await jm(world, 'GET', '/v1/chatroom?start=0&count=500');
  assert.deepEqual(page.rooms.at(-1), one);
  assert.deepEqual([page.start, page.count], [0, page.total]);
  assert.equal((await jm(world, 'GET', '/v1/chatroom/?start=0&count=1')).body.rooms.length, 1);
  for (const user of ['tom', 'annie'])
    assert.deepEqual((await jm(world, 'GET', `/v1/users/${user}/chatroom`)).body.at(-1), one);
  assert.deepEqual((await jm(world, 'GET', '/v1/users/mary/chatroom/')).body, []);
  refusedJm(await jm(world, 'GET', '/v1/users/ghost/chatroom'), 403, 899002);
  for (const body of [[], {}, 'x', ['x'], [-1]])
    refusedJm(await jm(world, 'POST', '/v1/chatroom/batch', body), 400, 899003);
  refusedJm(await jm(world, 'GET', '/v1/chatroom?count=501'), 400, 899003);
});

test('[JM-262] a room needs a name and an owner', async () => {
  const wrong = [
    { name: null },
    { owner_username: null },
    { name: 'x'.repeat(65) },
    { name: 'a\nb' },
    { description: 'x'.repeat(251) },
    { members_username: 'annie' },
  ];
  for (const more of wrong) refusedJm(await create(more), 400, 899003);
  refusedJm(await create({ owner_username: 'ghost' }), 403, 899002);
  refusedJm(await create({ members_username: ['annie', 'ghost'] }), 403, 899002);
  assert.equal((await create({ members_username: null })).status, 201);
});

test('[JM-263] a room is changed and deleted', async () => {
  const url = `/v1/chatroom/${room}`;
  const shown = async () => (await jm(world, 'POST', '/v1/chatroom/batch', [room])).body[0];
  assert.equal((await jm(world, 'PUT', url, { name: 'hall', description: 'go out' })).status, 204);
  assert.equal((await jm(world, 'PUT', url, { owner_username: 'annie' })).status, 204);
  const { name, description, owner_username } = await shown();
  assert.deepEqual([name, description, owner_username], ['hall', 'go out', 'annie']);
  refusedJm(await jm(world, 'PUT', url, { owner_username: 'eddie', name: 'never' }), 403, 899082);
  refusedJm(await jm(world, 'PUT', url, { owner_username: 'ghost' }), 403, 899002);
  refusedJm(await jm(world, 'PUT', url, { name: '' }), 400, 899003);
  refusedJm(await jm(world, 'PUT', '/v1/chatroom/99999999', { name: 'x' }), 403, 899081);
  assert.equal((await jm(world, 'PUT', url, {})).status, 204);
  assert.equal((await shown()).name, 'hall');
  assert.equal((await jm(world, 'DELETE', url)).status, 204);
  refusedJm(await jm(world, 'DELETE', url), 403, 899081);
  assert.deepEqual(await shown(), undefined);
  assert.deepEqual(
    (await jm(world, 'GET', '/v1/users/tom/chatroom')).body.filter(({ id }: { id: number }) => id === room),
    [],
  );
});

test('[JM-264] a number is never both a group and a room', async () => {
  const body = { owner_username: 'tom', name: 'hikers' };
  const { gid } = (await jm(world, 'POST', '/v1/groups', body)).body;
  assert.ok(gid > room);
  refusedJm(await jm(world, 'GET', `/v1/groups/${room}`), 403, 899006);
  refusedJm(await jm(world, 'GET', `/v1/chatroom/${gid}/members`), 403, 899081);
  refusedJm(await jm(world, 'DELETE', `/v1/chatroom/${gid}`), 403, 899081);
  refusedJm(await jm(world, 'PUT', `/v1/chatroom/${gid}/members`, ['annie']), 403, 899081);
});

test('[JM-265] people enter and leave a room', async () => {
  const url = `/v1/chatroom/${room}/members`;
  assert.equal((await jm(world, 'PUT', url, ['eddie', 'annie'])).status, 204);
  assert.deepEqual(await names(), ['tom', 'annie', 'eddie']);
  refusedJm(await jm(world, 'PUT', url, ['mary', 'ghost']), 403, 899002);
  assert.equal((await jm(world, 'DELETE', url, ['annie'])).status, 204);
  assert.deepEqual(await names(), ['tom', 'eddie']);
  refusedJm(await jm(world, 'DELETE', url, ['eddie', 'ghost']), 403, 899002);
  refusedJm(await jm(world, 'DELETE', url, ['eddie', 'mary']), 403, 899082);
  assert.deepEqual(await names(), ['tom', 'eddie']);
  for (const method of ['PUT', 'DELETE']) {
    for (const body of [[], {}, undefined, 'x', [5]]) refusedJm(await jm(world, method, url, body), 400, 899003);
    // One overload of the Java client sends an object's own text.
    refusedJm(await jm(world, method, url, undefined, { raw: 'Members{add=[annie]}' }), 400, 899003);
    refusedJm(await jm(world, method, '/v1/chatroom/99999999/members', ['annie']), 403, 899081);
  }
  const page = (await jm(world, 'GET', `${url}?start=1&count=3000`)).body;
  assert.deepEqual([page.total, page.start, page.count], [2, 1, 1]);
  assert.deepEqual(Object.keys(page.users[0]).sort(), ['ctime', 'flag', 'mtime', 'room_ctime', 'username']);
  refusedJm(await jm(world, 'GET', `${url}?count=3001`), 400, 899003);
});

test('[JM-108] silence in a room', async () => {
  const silence = (who: string, status: string, no = room) =>
    jm(world, 'PUT', `/v1/chatroom/${no}/forbidden/${who}?status=${status}`);
  assert.equal((await silence('annie', '1')).status, 204);
  const flags = async () =>
    (await people()).map(({ username, flag }: { username: string; flag: number }) => [username, flag]);
  assert.deepEqual(await flags(), [
    ['tom', 0],
    ['annie', 1],
  ]);
  assert.equal((await silence('annie', '0')).status, 204);
  assert.deepEqual((await flags())[1], ['annie', 0]);
  for (const status of ['0', '1']) refusedJm(await silence('eddie', status), 403, 899082);
  refusedJm(await silence('ghost', '1'), 403, 899002);
  refusedJm(await silence('annie', '1', 99999999), 403, 899081);
  refusedJm(await silence('annie', '2'), 400, 899003);
});

test('[JM-109] who cannot be taken out', async () => {
  const url = `/v1/chatroom/${room}/members`;
  refusedJm(await jm(world, 'DELETE', url, ['tom']), 403, 852004);
  refusedJm(await jm(world, 'DELETE', url, ['annie', 'tom']), 403, 852004);
  refusedJm(await jm(world, 'DELETE', url, ['eddie']), 403, 899082);
  assert.deepEqual(await names(), ['tom', 'annie']);
});

test('[JM-266] a room with as many as it holds', async () => {
  await world.set({ roomMembersMax: 3 });
  refusedJm(await jm(world, 'PUT', `/v1/chatroom/${room}/members`, ['eddie', 'mary']), 403, 899012);
  assert.deepEqual(await names(), ['tom', 'annie']);
  await world.set({ roomMembersMax: 10_000 });
});
