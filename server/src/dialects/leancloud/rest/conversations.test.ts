import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const world = await openWorld();
after(() => world.close());
const call = leancloud(world);
const base = '/1.2/rtm/conversations';
const master = { master: true };

const make = async (body: object): Promise<string> => (await call('POST', base, body)).body.objectId;
const rowOf = async (id: string) => (await call('GET', `${base}/${id}`)).body;

it('[LC-14] an app-key caller hears id and time of what was created, and nothing else', async () => {
  const { status, body } = await call('POST', base, { name: 'n', m: ['A', 'B'] });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), ['createdAt', 'objectId']);
  assert.match(body.objectId, /^[0-9a-f]{24}$/);
  assert.match(body.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

it('[LC-15] the master key’s caller hears the whole row', async () => {
  const { body } = await call('POST', base, { name: 'n', m: ['A', 'B'] }, master);
  assert.deepEqual(body.m, ['A', 'B']);
  assert.equal(body.name, 'n');
  assert.ok(body.updatedAt);
});

it('[LC-16] a unique one is found again, whatever the order of its members', async () => {
  const one = await call('POST', base, { m: ['U1', 'U2', 'U3'], unique: true });
  const two = await call('POST', base, { m: ['U3', 'U1', 'U2'], unique: true });
  assert.equal(two.body.objectId, one.body.objectId);
  assert.equal(one.body.unique, true);
  assert.match(one.body.uniqueId, /^[0-9a-f]{32}$/);
  assert.notEqual(await make({ m: ['U1', 'U2', 'U3'] }), one.body.objectId);
});

it('[LC-17] a member named twice is in once', async () => {
  assert.deepEqual((await rowOf(await make({ m: ['A', 'B', 'A'] }))).m, ['A', 'B']);
});

it('[LC-18] 500 members are let in, 501 are not', async () => {
  const people = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`);
  assert.equal((await call('POST', base, { m: people(500) })).status, 200);
  const { status, body } = await call('POST', base, { m: people(501) });
  assert.deepEqual([status, body.code], [400, 4304]);
});

it('[LC-19] an update answers id and time, and is seen', async () => {
  const id = await make({ name: 'n', m: ['A'] });
  const before = await rowOf(id);
  world.clock.advance(5);
  const { body } = await call('PUT', `${base}/${id}`, { name: 'x' });
  assert.deepEqual(Object.keys(body).sort(), ['objectId', 'updatedAt']);
  assert.ok(body.updatedAt > before.updatedAt);
  assert.equal((await rowOf(id)).name, 'x');
});

it('[LC-20] members cannot be changed as a column', async () => {
  const id = await make({ m: ['A'] });
  const { status, body } = await call('PUT', `${base}/${id}`, { m: ['Z'], name: 'no' });
  assert.deepEqual([status, body.code], [400, 117]);
  assert.deepEqual((await rowOf(id)).m, ['A']);
  assert.equal((await rowOf(id)).name, undefined);
});

it('[LC-21] a dotted key changes inside an object, and operators work on what is there', async () => {
  const id = await make({ m: ['A'], attr: { j: 2 }, score: 5, tags: ['a'] });
  await call('PUT', `${base}/${id}`, {
    'attr.k': 1,
    score: { __op: 'Increment', amount: 2 },
    tags: { __op: 'AddUnique', objects: ['a', 'b'] },
  });
  const row = await rowOf(id);
  assert.deepEqual([row.attr, row.score, row.tags], [{ j: 2, k: 1 }, 7, ['a', 'b']]);
  await call('PUT', `${base}/${id}`, { 'attr.j': { __op: 'Delete' }, score: { __op: 'Delete' } });
  assert.deepEqual([(await rowOf(id)).attr, (await rowOf(id)).score], [{ k: 1 }, undefined]);
});

it('[LC-22] a deleted one is gone for senders and for changes', async () => {
  const id = await make({ m: ['A'] });
  assert.deepEqual((await call('DELETE', `${base}/${id}`)).body, {});
  const sent = await call('POST', `${base}/${id}/messages`, { from_client: 'A', message: 'x' });
  assert.deepEqual([sent.status, sent.body.code], [404, 4401]);
  const put = await call('PUT', `${base}/${id}`, { name: 'x' });
  assert.deepEqual([put.status, put.body.code], [404, 4303]);
});

it('[LC-23] a query finds by columns, and pages', async () => {
  const ids = [await make({ name: 'q', m: ['A'], n: 1 }), await make({ name: 'q', m: ['A'], n: 2 })];
  await call('POST', '/1.2/rtm/chatrooms', { name: 'q' }, master);
  const find = async (query: string) => (await call('GET', `${base}?${query}`, undefined, master)).body.results;
  const where = `where=${encodeURIComponent('{"name":"q"}')}`;
  assert.deepEqual((await find(where)).map((row: { objectId: string }) => row.objectId).sort(), [...ids].sort());
  const page = await find(`${where}&limit=1&skip=1&order=n`);
  assert.deepEqual([page.length, page[0].objectId], [1, ids[1]]);
});

it('[LC-24] a where that is no JSON object is refused', async () => {
  const { status, body } = await call('GET', `${base}?where=%7Bname`, undefined, master);
  assert.deepEqual([status, body.code], [400, 107]);
});

it('[LC-25] [LC-26] members are added in order, and strangers are removed in silence', async () => {
  const id = await make({ m: ['A', 'B'] });
  assert.deepEqual(Object.keys((await call('POST', `${base}/${id}/members`, { client_ids: ['C', 'A'] })).body).sort(), [
    'objectId',
    'updatedAt',
  ]);
  assert.deepEqual((await rowOf(id)).m, ['A', 'B', 'C']);
  assert.equal((await call('DELETE', `${base}/${id}/members`, { client_ids: ['B'] })).status, 200);
  assert.equal((await call('DELETE', `${base}/${id}/members`, { client_ids: ['nobody'] })).status, 200);
  assert.deepEqual((await rowOf(id)).m, ['A', 'C']);
});

it('[LC-27] a list of members has the shape of its caller', async () => {
  const id = await make({ m: ['A', 'B'] });
  assert.deepEqual((await call('GET', `${base}/${id}/members`)).body, ['A', 'B']);
  assert.deepEqual((await call('GET', `${base}/${id}/members`, undefined, master)).body, { result: ['A', 'B'] });
});

it('[LC-28] a conversation that is not there is 4303 everywhere', async () => {
  const none = `${base}/65a0c0ffee0000000000abcd`;
  const calls: [string, string, object?][] = [
    ['GET', ''],
    ['PUT', '', { name: 'x' }],
    ['DELETE', ''],
    ['GET', '/members'],
    ['POST', '/members', { client_ids: ['A'] }],
    ['DELETE', '/members', { client_ids: ['A'] }],
    ['GET', '/mutes'],
    ['POST', '/mutes', { client_id: 'A' }],
  ];
  for (const [method, path, body] of calls) {
    const answer = await call(method, none + path, body);
    assert.deepEqual([answer.status, answer.body.code], [404, 4303], `${method} ${path}`);
  }
});

it('[LC-201] an app’s conversations are nobody else’s', async () => {
  const id = await make({ m: ['A'] });
  const headers = { 'X-LC-Id': world.other.id, 'X-LC-Key': world.other.clientKey };
  assert.equal((await call('GET', `${base}/${id}`, undefined, { headers })).status, 404);
});

it('[LC-55] chatrooms are listed apart, and together with everything', async () => {
  const room = (await call('POST', '/1.2/rtm/chatrooms', { name: 'hall' }, master)).body.objectId;
  const idsIn = async (path: string) =>
    (await call('GET', path, undefined, master)).body.results.map((row: { objectId: string }) => row.objectId);
  assert.ok((await idsIn('/1.2/rtm/chatrooms')).includes(room));
  assert.ok(!(await idsIn(base)).includes(room));
  assert.ok((await idsIn('/1.2/rtm/all-conversations')).includes(room));
});
