// Requests across apps, case by case.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
let gid: number;
let room: number;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
  const items = ['annie', 'zoe'].map((username) => ({ username, password: 'pw-1234', nickname: `other ${username}` }));
  assert.equal((await jm(world, 'POST', '/v1/users', items, { as: world.other })).status, 201);
  const people = { owner_username: 'tom', members_username: ['annie'] };
  gid = (await jm(world, 'POST', '/v1/groups', { ...people, name: 'hikers' })).body.gid;
  room = (await jm(world, 'POST', '/v1/chatroom', { ...people, name: 'lobby' })).body.chatroom_id;
});
after(() => world.close());

const allow = (on: boolean) => world.set({ 'jmessage.crossApps': on ? [world.other.id] : [] });
const routes = (appkey: string): [string, string, unknown][] => [
  ['POST', `/v1/cross/groups/${gid}/members`, [{ appkey, add: ['zoe'] }]],
  ['POST', `/v1/cross/chatroom/${room}/members`, { appKey: appkey, add: ['zoe'] }],
  ['PUT', '/v1/cross/users/tom/blacklist', [{ appkey, usernames: ['zoe'] }]],
  ['DELETE', '/v1/cross/users/tom/blacklist', [{ appkey, usernames: ['zoe'] }]],
  ['POST', '/v1/cross/users/tom/nodisturb', [{ appkey, single: { add: ['zoe'] } }]],
  ['POST', '/v1/cross/users/tom/friends', { appkey, users: ['zoe'] }],
  ['PUT', '/v1/cross/users/tom/friends', [{ appkey, username: 'zoe', note_name: 'Z' }]],
  ['DELETE', '/v1/cross/users/tom/friends', [{ appKey: appkey, users: ['zoe'] }]],
];

test('[JM-118] an app that does not exist, and one that is not allowed', async () => {
  for (const [method, path, body] of routes('none')) refusedJm(await jm(world, method, path, body), 400, 899009);
  for (const [method, path, body] of routes(world.other.id))
    refusedJm(await jm(world, method, path, body), 403, 899020);
});

test('[JM-118] the own app is no other', async () => {
  const appkey = world.app.id;
  const fine = async (method: string, path: string, body: unknown, status = 204) => {
    const answer = await jm(world, method, path, body);
    assert.equal(answer.status, status, `${method} ${path} ${answer.text}`);
  };
  const members = `/v1/cross/groups/${gid}/members`;
  await fine('POST', members, [{ appkey, add: ['eddie'], remove: ['annie'] }]);
  refusedJm(await jm(world, 'POST', members, { appkey, add: ['eddie'] }), 400, 899011);
  refusedJm(await jm(world, 'POST', members, [{ appkey, add: ['ghost'] }]), 403, 899002);
  const local = (await jm(world, 'GET', `/v1/groups/${gid}/members`)).body;
  assert.deepEqual((await jm(world, 'GET', `${members}/`)).body, local);
  assert.deepEqual(
    local.map(({ username }: { username: string }) => username),
    ['tom', 'eddie'],
  );
  await fine('POST', members, { appkey, add: ['annie'], remove: ['eddie'] });

  const url = `/v1/cross/chatroom/${room}/members`;
  await fine('POST', url, [{ appkey, add: ['eddie', 'annie'] }]);
  await fine('POST', url, { appkey, remove: ['eddie'] });
  refusedJm(await jm(world, 'POST', url, { appkey, remove: ['eddie'] }), 403, 899082);
  refusedJm(await jm(world, 'POST', url, { appkey, remove: ['tom'] }), 403, 852004);

  const blacklist = '/v1/cross/users/tom/blacklist';
  await fine('PUT', blacklist, [{ appkey, usernames: ['annie'] }]);
  refusedJm(await jm(world, 'PUT', blacklist, { appkey, usernames: ['annie'] }), 403, 899017);
  refusedJm(await jm(world, 'PUT', blacklist, { appkey, usernames: ['boss'] }), 403, 899018);
  refusedJm(await jm(world, 'PUT', blacklist, { appkey, usernames: ['tom'] }), 400, 899003);
  assert.deepEqual((await jm(world, 'GET', blacklist)).body, (await jm(world, 'GET', '/v1/users/tom/blacklist')).body);
  await fine('DELETE', blacklist, { appkey, usernames: ['annie'] });
  refusedJm(await jm(world, 'DELETE', blacklist, { appkey, usernames: ['annie'] }), 403, 899019);

  await fine('POST', '/v1/cross/users/tom/friends', { appkey, users: ['annie'] }, 201);
  refusedJm(await jm(world, 'POST', '/v1/cross/users/tom/friends', { appkey, users: ['annie'] }), 403, 899070);
  await fine('PUT', '/v1/cross/users/tom/friends', { appkey, username: 'annie', note_name: 'Ann' });
  const [friend] = (await jm(world, 'GET', '/v1/users/tom/friends')).body;
  assert.deepEqual([friend.username, friend.note_name], ['annie', 'Ann']);
  await fine('DELETE', '/v1/cross/users/tom/friends', { appkey, users: ['annie'] });

  await fine('POST', '/v1/cross/users/tom/nodisturb', [{ appkey, single: { add: ['annie'] }, group: { add: [gid] } }]);
  refusedJm(
    await jm(world, 'POST', '/v1/cross/users/tom/nodisturb', { appkey, single: { add: ['annie'] } }),
    403,
    899043,
  );
  const [group] = (await jm(world, 'GET', '/v1/cross/users/tom/groups')).body;
  assert.deepEqual([group.gid, group.max_member_count, group.MaxMemberCount], [gid, 500, 500]);
});

test('[JM-118] bodies that cannot be', async () => {
  for (const [method, path] of routes('x'))
    for (const body of [undefined, [], 'x', [5], {}, [[]], { appkey: 5 }])
      refusedJm(await jm(world, method, path, body), 400, 899003);
});

test('[JM-294] people of an app that is allowed', async () => {
  await allow(true);
  const appkey = world.other.id;
  for (const [method, path, body] of routes(appkey)) {
    const { status, text } = await jm(world, method, path, body);
    assert.ok(status === 204 || status === 201, `${method} ${path} ${text}`);
  }
  refusedJm(await jm(world, 'POST', `/v1/cross/groups/${gid}/members`, [{ appkey, add: ['eddie'] }]), 403, 899002);
  const members = (await jm(world, 'GET', `/v1/cross/groups/${gid}/members`)).body;
  const zoe = members.at(-1);
  assert.deepEqual([zoe.username, zoe.appkey, zoe.nickname, zoe.flag], ['zoe', appkey, 'other zoe', 0]);
  // Two who are called alike are two.
  await jm(world, 'PUT', '/v1/cross/users/tom/blacklist', [{ appkey, usernames: ['annie'] }]);
  const [blocked] = (await jm(world, 'GET', '/v1/cross/users/tom/blacklist')).body;
  assert.deepEqual([blocked.username, blocked.appkey, blocked.nickname], ['annie', appkey, 'other annie']);
  const say = (target_id: string) =>
    jm(world, 'POST', '/v1/messages', {
      version: 1,
      target_type: 'single',
      from_type: 'user',
      from_id: 'annie',
      target_id,
      msg_type: 'text',
      msg_body: { text: 'hi' },
    });
  assert.equal((await say('tom')).status, 200, 'the other annie was meant');
  await allow(false);
});

test('[JM-272] [JM-295] a message to another app', async () => {
  await allow(true);
  const message = {
    version: 1,
    target_type: 'single',
    target_id: 'zoe',
    target_appkey: world.other.id,
    from_type: 'user',
    from_id: 'tom',
    msg_type: 'text',
    msg_body: { text: 'across' },
  };
  const sent = await jm(world, 'POST', '/v1/messages', message);
  assert.equal(sent.status, 200, sent.text);
  const { messages } = (await jm(world, 'GET', '/v1/users/zoe/messages', undefined, { as: world.other })).body;
  const [found] = messages;
  assert.deepEqual(
    [found.from_id, found.from_appkey, found.target_id, found.target_appkey, found.msg_level],
    ['tom', world.app.id, 'zoe', world.other.id, 1],
  );
  assert.equal(
    (await jm(world, 'POST', '/v1/messages', { ...message, from_type: 'admin', from_id: 'boss' })).status,
    201,
  );
  refusedJm(await jm(world, 'POST', '/v1/messages', { ...message, from_type: 'admin' }), 403, 899016);
  refusedJm(await jm(world, 'POST', '/v1/messages', { ...message, target_id: 'eddie' }), 403, 899002);
  refusedJm(await jm(world, 'POST', '/v1/messages', { ...message, target_type: 'group', target_id: gid }), 403, 899006);
  await allow(false);
  refusedJm(await jm(world, 'POST', '/v1/messages', message), 403, 899020);
});
