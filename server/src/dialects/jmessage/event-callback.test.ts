import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { eventually } from '../../../test/kit/eventually.ts';
import { basicOf, jm, register } from '../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../test/kit/world.ts';

type Told = { readonly event_type: number; readonly extra: number; readonly to_usernames: string[] } & Record<
  string,
  unknown
>;

let world: World;
let authorization = '';
let events: Told[] = [];
let statuses: number[] = [];
let calls = 0;
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  authorization = request.headers.authorization ?? '';
  calls += 1;
  const status = statuses.shift() ?? 200;
  const body = JSON.parse(Buffer.concat(pieces).toString());
  assert.equal(body.total, body.events.length);
  if (status === 200) events.push(...body.events);
  response.writeHead(status).end();
});
before(async () => {
  world = await openWorld();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await register(world, 'tom', 'annie', 'eddie');
  const { port } = server.address() as AddressInfo;
  await world.set({ 'jmessage.eventCallback': { url: `http://127.0.0.1:${port}/events` } });
  await eventually(
    'the callback is known',
    async () => {
      await ok('PUT', '/v1/users/eddie', { nickname: 'Ed' });
      return events.length > 0;
    },
    10_000,
    200,
  );
  await ok('PUT', '/v1/users/annie', { nickname: 'Ann' });
  await eventually('nothing else is under way', () => events.at(-1)?.to_usernames[0] === 'annie');
});
after(async () => {
  await world.close();
  server.closeAllConnections();
  server.close();
});

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await jm(world, method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
};
/** What is told of a change: type, extra, and to whom. */
async function told(count: number, change: () => Promise<unknown>) {
  events = [];
  await change();
  await eventually(`${count} events`, () => events.length >= count);
  return events.map((one) => [one.event_type, one.extra, one.to_usernames.toSorted().join()]);
}

test('[JM-312] an application’s own server is told of every change, in event records', async () => {
  const people = { owner_username: 'tom', name: 'hikers', members_username: ['annie'] };
  let gid = 0;
  const made = await told(2, async () => {
    gid = (await ok('POST', '/v1/groups', people)).gid;
  });
  assert.deepEqual(made, [
    [8, 0, 'tom'],
    [10, 0, 'annie'],
  ]);
  const [first] = events;
  assert.equal(authorization, basicOf(world.app));
  assert.deepEqual(
    [first?.gid, first?.from_username, first?.from_appkey, first?.description],
    [gid, '', world.app.id, ''],
  );
  assert.ok(Number.isSafeInteger(first?.event_id) && Math.abs(Number(first?.ctime_ms) - world.clock.now()) < 10_000);

  const path = `/v1/groups/${gid}`;
  assert.deepEqual(await told(1, () => ok('POST', `${path}/members`, { add: ['eddie'] })), [[10, 0, 'eddie']]);
  assert.deepEqual(await told(1, () => ok('PUT', path, { name: 'climbers' })), [[12, 0, '']]);
  const silence = `/v1/groups/messages/${gid}/silence?status=`;
  assert.deepEqual(await told(1, () => ok('PUT', `${silence}true`, ['annie'])), [[65, 1, 'annie']]);
  assert.deepEqual(await told(1, () => ok('PUT', `${silence}false`, ['annie'])), [[65, 2, 'annie']]);
  assert.deepEqual(await told(1, () => ok('PUT', `/v1/groups/owner/${gid}`, { username: 'annie' })), [
    [82, 0, 'annie'],
  ]);
  const removed = await told(2, () => ok('POST', `${path}/members`, { remove: ['annie'] }));
  assert.deepEqual(removed[0], [11, 0, 'annie']);
  assert.equal(events[0]?.new_owner, 'tom');
  assert.deepEqual(await told(1, () => ok('DELETE', path)), [[9, 69, 'eddie,tom']]);
});

test('[JM-312] what concerns users is told as well', async () => {
  assert.deepEqual(await told(1, () => ok('POST', '/v1/users/tom/friends', ['annie'])), [[7, 0, 'annie,tom']]);
  assert.deepEqual(await told(1, () => ok('POST', '/v1/users/tom/nodisturb', { global: 1 })), [[37, 0, 'tom']]);
  assert.deepEqual(await told(1, () => ok('PUT', '/v1/users/tom/blacklist', ['eddie'])), [[38, 0, 'tom']]);
  const { gid } = await ok('POST', '/v1/groups', { owner_username: 'tom', name: 'g' });
  await eventually('the group', () => events.some(({ event_type }) => event_type === 8));
  assert.deepEqual(await told(1, () => ok('POST', '/v1/users/tom/groupsShield', { add: [gid] })), [[39, 0, 'tom']]);
  assert.deepEqual(await told(1, () => ok('PUT', '/v1/users/tom', { nickname: 'T' })), [[40, 0, 'tom']]);
  assert.deepEqual(await told(1, () => ok('PUT', '/v1/users/annie/password', { new_password: 'pw-new' })), [
    [2, 0, 'annie'],
  ]);
  const message = { version: 1, target_type: 'single', target_id: 'annie', from_type: 'user', from_id: 'tom' };
  const { msg_id } = await ok('POST', '/v1/messages', { ...message, msg_type: 'text', msg_body: { text: 'oops' } });
  assert.deepEqual(await told(1, () => ok('POST', `/v1/messages/tom/${msg_id}/retract`)), [[55, 0, 'annie']]);
  assert.deepEqual([events[0]?.type, events[0]?.msg_ids], [0, [msg_id]]);
  assert.deepEqual(await told(1, () => ok('PUT', '/v1/users/eddie/forbidden?disable=true')), [[1, 1, 'eddie']]);
  const gone = await told(1, () => ok('DELETE', '/v1/users/eddie'));
  assert.deepEqual(gone.at(-1), [1, 2, 'eddie']);
});

test('[JM-317] a group of another app is told by its number and its app', async () => {
  const { app, other } = world;
  await world.core.store.apps.change(other.id, { overrides: { 'jmessage.crossApps': [app.id] } });
  world.core.apps.forget(other.id);
  const there = { as: other };
  assert.equal((await jm(world, 'POST', '/v1/users', [{ username: 'zoe', password: 'pw-zoe' }], there)).status, 201);
  const { gid } = (await jm(world, 'POST', '/v1/groups', { owner_username: 'zoe', name: 'theirs' }, there)).body;
  const body = { appkey: app.id, add: ['tom'] };
  const seen = await told(1, () => jm(world, 'POST', `/v1/cross/groups/${gid}/members`, body, there));
  assert.deepEqual(seen[0]?.slice(0, 2), [8, 0]);
  assert.deepEqual([events[0]?.gid, events[0]?.appkey], [gid, other.id]);
});

test('[JM-313] an event is told three times at most, and the next ones after it', async () => {
  statuses = [500, 500];
  calls = 0;
  events = [];
  await ok('PUT', '/v1/users/tom', { nickname: 'again' });
  await eventually('the third try', () => events.length === 1, 10_000);
  assert.equal(calls, 3);
  statuses = [500, 500, 500];
  await ok('PUT', '/v1/users/tom', { nickname: 'lost' });
  await eventually('three more', () => calls === 6, 10_000);
  await ok('PUT', '/v1/users/annie', { nickname: 'kept' });
  await eventually('the next', () => events.length === 2, 10_000);
  assert.deepEqual(events[1]?.to_usernames, ['annie']);
});
