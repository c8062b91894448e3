import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { done, refused, talk } from '../../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  for (const id of ['a', 'b', 'c']) done(await world.rest('POST', `/ctx/${id}/attributes`, {}));
});
after(() => world.close());

const create = async (body?: object): Promise<string> => done(await world.rest('POST', '/rooms', body), 200);
const get = async (id: string) => done(await world.rest('GET', `/rooms/${id}`));
const missing = '0'.repeat(32);

test('[ML-71] a room has members and a name, and no owner', async () => {
  const room = await create({ name: 'R', members: ['a', 'b'] });
  assert.match(room, /^[0-9a-f]{32}$/);
  const { ts, ...shown } = await get(room);
  assert.equal(typeof ts, 'number');
  assert.deepEqual(shown, { id: room, members: ['a', 'b'], attributes: { name: 'R' }, name: 'R' });
  assert.deepEqual((await get(await create())).members, []);
  assert.equal((await world.rest('POST', `/rooms/${room}`)).text, (await world.rest('GET', `/rooms/${room}`)).text);
  refused(await world.rest('POST', '/rooms', { members: 'a' }), 400, 5001);
  refused(await world.rest('GET', `/groups/${room}`), 404, 5004);
});

test('[ML-72] members of a room are replaced as a whole', async () => {
  const room = await create({ members: ['a', 'b'] });
  done(await world.rest('PUT', `/rooms/${room}`, { members: ['c'], name: 'N' }), 201);
  assert.deepEqual([(await get(room)).members, (await get(room)).name], [['c'], 'N']);
  done(await world.rest('PUT', `/rooms/${room}`, { members: [] }), 201);
  assert.deepEqual((await get(room)).members, []);
  refused(await world.rest('PUT', `/rooms/${room}`, { members: ['ghost'] }), 404, 5004);
  refused(await world.rest('PUT', `/rooms/${room}`, { owner: 'a' }), 400, 5001);
  refused(await world.rest('PUT', `/rooms/${missing}`, { name: 'N' }), 404, 5004);
});

test('[ML-73] [ML-74] rooms are listed without a last word: nothing said in them is kept', async () => {
  const room = await create({ members: ['m73'] });
  await talk(world, 'm73', { kind: 'room', id: room }, 'heard, not kept');
  assert.deepEqual(done(await world.rest('GET', '/ctx/m73/rooms')), [room]);
  assert.deepEqual(done(await world.rest('GET', '/ctx/m73/rooms?detail')), [await get(room)]);
  refused(await world.rest('GET', `/rooms/${room}/chats`), 404, 5009);
});

test('[ML-75] members come and go', async () => {
  const room = await create({ members: ['a'] });
  const path = `/rooms/${room}/members`;
  for (const [method, one] of [
    ['POST', `/rooms/${missing}/members`],
    ['DELETE', `/rooms/${missing}/members`],
  ] as const) {
    refused(await world.rest(method, one, { members: ['a'] }), 404, 5004);
    refused(await world.rest(method, `${one}/a`), 404, 5004);
  }
  done(await world.rest('POST', path, { members: ['b', ['c']] }), 201);
  refused(await world.rest('POST', path, { members: ['ghost'] }), 404, 5004);
  assert.deepEqual((await get(room)).members, ['a', 'b', 'c']);
  done(await world.rest('DELETE', path, { members: ['a', 'b'] }), 204);
  done(await world.rest('DELETE', `${path}/c`), 204);
  done(await world.rest('POST', `${path}/b`), 201);
  assert.deepEqual((await get(room)).members, ['b']);
  done(await world.rest('DELETE', `/rooms/${room}`), 204);
  refused(await world.rest('GET', `/rooms/${room}`), 404, 5004);
  refused(await world.rest('DELETE', `/rooms/${room}`), 404, 5004);
  assert.ok(!done(await world.rest('GET', '/ctx/b/rooms')).includes(room));
});

test('[ML-76] a room is full at its limit', async () => {
  await world.set({ roomMembersMax: 1000 });
  const room = await create({ members: Array.from({ length: 1000 }, (_, i) => `q${i}`) });
  assert.equal((await get(room)).members.length, 1000);
  refused(await world.rest('POST', `/rooms/${room}/members`, { members: ['a'] }), 409, 5008);
  refused(await world.rest('POST', '/rooms', { members: Array.from({ length: 1001 }, (_, i) => `q${i}`) }), 409, 5008);
  refused(await world.rest('GET', '/ctx/q1000'), 404, 5004);
});
