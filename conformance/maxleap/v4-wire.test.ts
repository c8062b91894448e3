// What the 4.x SDK puts on the wire, request by request and event by event.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { eventually } from '../../server/test/kit/eventually.ts';
import { type Answer, openServer } from '../kit/server.ts';
import { enterV4, request, type V4Client } from '../kit/v4.ts';

const server = await openServer();
const clients: V4Client[] = [];
after(() => {
  for (const client of clients) client.close();
});

async function enter(auth: object): Promise<V4Client> {
  const client = await enterV4(server, auth);
  clients.push(client);
  return client;
}

async function ok(method: string, path: string, body?: unknown): Promise<Answer['body']> {
  const answer = await request(server, method, path, body);
  assert.ok(
    answer.status >= 200 && answer.status < 300,
    `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`,
  );
  return answer.body;
}

const heard = (client: V4Client, event: string, body: string) =>
  eventually(`${event} ${body}`, () => client.heard[event]?.find((one) => one.content.body === body));

/** What `session.say(body)…ok()` emits. */
const say = (body: string, to: object, more: object = {}) => ({ to, content: { media: 0, body }, ...more });

describe('the socket of SDK 4.x', () => {
  test('[ML-92] login().simple(id) with notifyAll and install', async () => {
    const client = await enter({ client: 'v4-expert', notifyAll: true, install: 'device-1' });
    assert.deepEqual(client.login, { success: true, id: 'v4-expert' });
    assert.deepEqual((await ok('GET', '/ctx/v4-expert')).installs, ['device-1']);
  });

  test('[ML-97] byMaxleapUser and byPhone are refused by a number', async () => {
    for (const auth of [
      { username: 'u', password: 'p' },
      { phone: '13800000000', password: '1234' },
    ]) {
      const { login } = await enter(auth);
      assert.deepEqual([login.success, login.error], [false, 5003]);
    }
  });

  test('[ML-103] [ML-111] say as an object, with ack; types by which the SDK sorts what it hears', async () => {
    const ann = await enter({ client: 'v4-ann' });
    const bob = await enter({ client: 'v4-bob' });
    await ok('POST', '/ctx/v4-ann/friends/v4-bob');
    const group = await ok('POST', '/groups', { owner: 'v4-ann', members: ['v4-bob'] });
    const room = await ok('POST', '/rooms', { members: ['v4-ann', 'v4-bob'] });
    await enter({ client: 'v4-cat' });
    const places: [object, object][] = [
      [
        { id: 'v4-bob', type: 0 },
        { id: 'v4-ann', type: 0 },
      ],
      [
        { id: group, type: 1 },
        { id: 'v4-ann', type: 1, gid: group },
      ],
      [
        { id: room, type: 2 },
        { id: 'v4-ann', type: 2, gid: room },
      ],
    ];
    for (const [n, [to, from]] of places.entries()) {
      ann.say(say(`place ${n}`, to, { ack: 12345, remark: 'r', push: { enable: true, prefix: '!' } }));
      const message = await heard(bob, 'message', `place ${n}`);
      assert.deepEqual(message, { from, to, content: { media: 0, body: `place ${n}` }, remark: 'r', ts: message.ts });
      const acks = await eventually('ack', () => ann.heard.ack?.length === n + 1 && ann.heard.ack);
      assert.deepEqual(acks[n], { ack: 12345, ts: message.ts });
    }
    assert.deepEqual(bob.heard.ack, []);
    const chats = await ok('GET', `/groups/${group}/chats`);
    assert.equal(chats[0].ts, ann.heard.ack?.[1].ts);
  });

  test('[ML-110] toStranger, and listStrangers afterwards', async () => {
    const [dan, eva] = [await enter({ client: 'v4-dan' }), await enter({ client: 'v4-eva' })];
    dan.say(say('have we met?', { id: 'v4-eva', type: 4 }));
    assert.deepEqual((await heard(eva, 'message', 'have we met?')).from, { id: 'v4-dan', type: 4 });
    const [stranger] = await ok('GET', '/ctx/v4-eva/strangers?detail&skip=0&limit=20');
    assert.equal(stranger.id, 'v4-dan');
    assert.equal(stranger.online, true);
    assert.equal(stranger.recent.content.body, 'have we met?');
    const talk = await ok('GET', '/ctx/v4-dan/strangers/v4-eva/chats?limit=5');
    assert.equal(talk[0].speaker, 'v4-dan');
  });

  test('[ML-109] passenger().attribute().ok(): toUser without a type; the answer comes as type 0', async () => {
    const host = await enter({ client: 'v4-host' });
    const guest = await enter({ passenger: { vip: true } });
    assert.match(guest.id, /^[0-9a-f]{32}$/);
    guest.say(say('is this the inn?', { id: 'v4-host' }, { ack: 7 }));
    assert.deepEqual((await heard(host, 'message', 'is this the inn?')).from, { id: guest.id, type: 3 });
    await eventually('ack', () => guest.heard.ack?.some((one) => one.ack === 7));
    host.say(say('it is', { id: guest.id, type: 3 }));
    assert.equal((await heard(guest, 'message', 'it is')).from.type, 0);
    const talk = await ok('GET', `/passengers/${guest.id}/chats/v4-host`);
    assert.deepEqual(
      talk.map((record: { speaker: string }) => record.speaker),
      [guest.id, 'v4-host'],
    );
    const nobody = await enter({ passenger: {} });
    assert.equal(nobody.login.success, true);
  });

  test('[ML-123] [ML-124] notifyAll: strangers and passengers hear online_x, friends hear online', async () => {
    const [friend, other] = [await enter({ client: 'v4-friend' }), await enter({ client: 'v4-other' })];
    const guest = await enter({ passenger: { id: 'v4-guest' } });
    await ok('POST', '/ctx/v4-star/friends/v4-friend');
    const star = await enter({ client: 'v4-star', notifyAll: true });
    const at = (client: V4Client, event: string) => client.heard[event]?.filter((id) => id === 'v4-star').length;
    for (const client of [other, guest]) await eventually('online_x', () => at(client, 'online_x') === 1);
    await eventually('online', () => at(friend, 'online') === 1);
    star.close();
    for (const client of [other, guest]) await eventually('offline_x', () => at(client, 'offline_x') === 1);
    await eventually('offline', () => at(friend, 'offline') === 1);
    assert.deepEqual([at(friend, 'online_x'), at(friend, 'offline_x'), at(other, 'online')], [0, 0, 0]);
    assert.ok(!other.heard.online_x?.includes('v4-guest'));
  });

  test('[ML-83] admin().say().toGroup and .toRoom', async () => {
    const member = await enter({ client: 'v4-member' });
    const group = await ok('POST', '/groups', { owner: 'v4-owner', members: ['v4-member'] });
    await ok('POST', `/system/${group}?group`, { content: { media: 0, body: 'from above' }, push: {} });
    const sys = await heard(member, 'sys', 'from above');
    assert.deepEqual(Object.keys(sys).sort(), ['content', 'ts']);
  });
});

describe('the requests of SDK 4.x', () => {
  test('[ML-126] create().group(owner) without attributes: the empty request that follows succeeds', async () => {
    const id = await ok('POST', '/groups', { owner: 'v4-maker', members: [] });
    const answer = await request(server, 'POST', `/groups/${id}/attributes`);
    assert.deepEqual([answer.status, answer.body], [201, {}]);
    assert.deepEqual((await ok('GET', `/groups/${id}`)).attributes, {});
    const room = await ok('POST', '/rooms', { members: [] });
    assert.equal((await request(server, 'POST', `/rooms/${room}/attributes`, {})).status, 201);
  });

  test('[ML-127] load(id): POST without a body answers as GET does, for user, group, room and passenger', async () => {
    await ok('POST', '/ctx/v4-loaded/attributes', { a: 1 });
    const group = await ok('POST', '/groups', { owner: 'v4-loaded', members: ['v4-m'] });
    const room = await ok('POST', '/rooms', { members: ['v4-m'] });
    const passenger = await ok('POST', '/passengers', { name: 'V' });
    for (const path of ['/ctx/v4-loaded', `/groups/${group}`, `/rooms/${room}`, `/passengers/${passenger}`]) {
      const loaded = await request(server, 'POST', path);
      assert.equal(loaded.status, 200, path);
      assert.deepEqual(loaded.body, await ok('GET', path));
      assert.ok(Object.keys(loaded.body).length > 0);
    }
    const missing = await request(server, 'POST', `/groups/${'0'.repeat(32)}`);
    assert.deepEqual([missing.status, missing.body.errorCode], [404, 5004]);
  });

  test('[ML-64] appendMembers and removeMembers send lists inside lists', async () => {
    for (const id of ['v4-1', 'v4-2', 'v4-3']) await ok('POST', `/ctx/${id}/attributes`, { a: 1 });
    for (const kind of ['groups', 'rooms']) {
      const id = await ok('POST', `/${kind}`, kind === 'groups' ? { owner: 'v4-boss' } : {});
      await ok('POST', `/${kind}/${id}/members`, { members: ['v4-1', ['v4-2', 'v4-3']] });
      assert.deepEqual((await ok('GET', `/${kind}/${id}`)).members, ['v4-1', 'v4-2', 'v4-3']);
      await ok('POST', `/${kind}/${id}/members`, { members: ['v4-1', []] });
      await ok('DELETE', `/${kind}/${id}/members`, { members: ['v4-1', ['v4-3']] });
      assert.deepEqual((await ok('GET', `/${kind}/${id}`)).members, ['v4-2']);
    }
  });

  test('[ML-66] [ML-14] joinFriend, joinGroup, joinRoom and the leaving of each: no bodies', async () => {
    await ok('POST', '/ctx/v4-joiner/attributes', { a: 1 });
    const group = await ok('POST', '/groups', { owner: 'v4-boss' });
    const room = await ok('POST', '/rooms', {});
    const places: [string, string][] = [
      [`/ctx/v4-joiner/friends/v4-boss`, 'friends'],
      [`/groups/${group}/members/v4-joiner`, 'groups'],
      [`/rooms/${room}/members/v4-joiner`, 'rooms'],
    ];
    for (const [path, list] of places) {
      for (const times of [1, 2]) {
        await ok('POST', path);
        assert.equal((await ok('GET', `/ctx/v4-joiner/${list}`)).length, 1, `${path}, ${times}`);
      }
      for (const times of [1, 2]) {
        assert.equal((await request(server, 'DELETE', path)).status, 204, `${path}, ${times}`);
        assert.deepEqual(await ok('GET', `/ctx/v4-joiner/${list}`), []);
      }
    }
  });

  test('search and getAttributes, as the SDK writes their queries', async () => {
    await ok('POST', '/ctx/v4-sought/attributes', { city: 'v4-city', age: 46 });
    const hits = await ok('GET', '/ctx?city=v4-city&_skip=0&_limit=20');
    assert.deepEqual(
      hits.map((hit: { id: string }) => hit.id),
      ['v4-sought'],
    );
    assert.equal(await ok('GET', '/ctx/v4-sought/attributes/age'), 46);
    assert.deepEqual(await ok('GET', '/ctx/v4-sought/attributes'), { city: 'v4-city', age: 46 });
  });

  test('destroy().group and .room', async () => {
    for (const kind of ['groups', 'rooms']) {
      const id = await ok('POST', `/${kind}`, { owner: 'v4-boss' });
      assert.equal((await request(server, 'DELETE', `/${kind}/${id}`)).status, 204);
      assert.equal((await request(server, 'GET', `/${kind}/${id}`)).status, 404);
    }
  });
});
