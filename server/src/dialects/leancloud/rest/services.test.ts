import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const world = await openWorld();
after(() => world.close());
const call = leancloud(world);
const services = '/1.2/rtm/service-conversations';
const master = { master: true };
const as = (method: string, path: string, body?: unknown) => call(method, path, body, master);

async function make(name = 'news'): Promise<string> {
  const { status, body } = await as('POST', services, { name });
  assert.equal(status, 200);
  return body.objectId;
}
const follow = (id: string, client: string) => as('POST', `${services}/${id}/subscribers`, { client_id: client });
const heard = async (id: string, client: string) => {
  const { body } = await as('GET', `${services}/${id}/subscribers/${client}/messages`);
  return body.map(({ data }: { data: string }) => data);
};

it('[LC-58] subscribing twice counts once, and a page begins behind its cursor', async () => {
  const id = await make();
  for (const client of ['Tom', 'Jerry', 'Tom', 'Spike']) assert.deepEqual((await follow(id, client)).body, {});
  assert.deepEqual((await as('GET', `${services}/${id}/subscribers/count`)).body, { count: 3 });
  const first = (await as('GET', `${services}/${id}/subscribers?limit=2`)).body;
  assert.deepEqual(
    first.map((one: { subscriber: string }) => one.subscriber),
    ['Tom', 'Jerry'],
  );
  assert.deepEqual(Object.keys(first[0]).sort(), ['conv_id', 'subscriber', 'timestamp']);
  const rest = (await as('GET', `${services}/${id}/subscribers?client_id=Jerry`)).body;
  assert.deepEqual(
    rest.map((one: { subscriber: string }) => one.subscriber),
    ['Spike'],
  );
  for (const _ of [1, 2]) assert.deepEqual((await as('DELETE', `${services}/${id}/subscribers/Tom`)).body, {});
  assert.deepEqual((await as('GET', `${services}/${id}/subscribers/count`)).body, { count: 2 });
});

it('[LC-58] a client’s services are found by time of subscribing', async () => {
  const ids: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    const id = await make(name);
    ids.push(id);
    world.clock.advance(5);
    await follow(id, 'Reader');
  }
  const path = '/1.2/rtm/clients/Reader/service-conversations';
  const all = (await as('GET', path)).body;
  assert.deepEqual(
    all.map((one: { conv_id: string }) => one.conv_id),
    ids,
  );
  const [first] = all;
  const later = (await as('GET', `${path}?conv_id=${first.conv_id}&timestamp=${first.timestamp}&limit=1`)).body;
  assert.equal(later[0].conv_id, ids[1]);
  const newest = (await as('GET', `${path}?direction=old`)).body;
  assert.equal(newest[0].conv_id, ids[2]);
  assert.equal((await as('GET', `${path}?conv_id=${first.conv_id}`)).status, 400);
});

it('[LC-59] a word to all subscribers answers its pair twice, and is in every subscriber’s history', async () => {
  const id = await make();
  await follow(id, 'Tom');
  const { body } = await as('POST', `${services}/${id}/broadcasts`, { from_client: 'admin', message: 'hello all' });
  assert.equal(typeof body.timestamp, 'number');
  assert.deepEqual(body.result, { 'msg-id': body['msg-id'], timestamp: body.timestamp });
  assert.deepEqual(await heard(id, 'Tom'), ['hello all']);
  assert.deepEqual(await heard(id, 'Stranger'), []);

  const path = `${services}/${id}/messages/${body['msg-id']}`;
  const change = { from_client: 'admin', timestamp: body.timestamp };
  assert.equal((await as('PUT', path, { ...change, from_client: 'Tom', message: 'x' })).body.code, 4403);
  assert.equal((await as('PUT', path, { ...change, message: 'hello again' })).status, 200);
  assert.deepEqual(await heard(id, 'Tom'), ['hello again']);
  assert.equal((await as('PUT', `${path}/recall`, change)).status, 200);
  assert.deepEqual(
    (await heard(id, 'Tom')).map((data: string) => JSON.parse(data)._lctype),
    [-127],
  );
});

it('[LC-60] a service speaks to one client or to twenty, each of whom alone hears it', async () => {
  const id = await make();
  await follow(id, 'Tom');
  const path = `${services}/${id}/messages`;
  const said = { from_client: 'admin', message: 'for you' };
  const many = Array.from({ length: 21 }, (_, n) => `c${n}`);
  assert.equal((await as('POST', path, { ...said, to_clients: many })).status, 400);
  assert.equal((await as('POST', path, said)).status, 400);
  const { body } = await as('POST', path, { ...said, to_clients: ['Tom'] });
  assert.deepEqual(Object.keys(body).sort(), ['msg-id', 'timestamp']);
  assert.deepEqual(await heard(id, 'Tom'), ['for you']);
  assert.deepEqual(await heard(id, 'Jerry'), []);
});

it('[LC-260] one id names what several clients were told, whoever of them it is changed for', async () => {
  const id = await make();
  const path = `${services}/${id}/messages`;
  const { body } = await as('POST', path, { from_client: 'a', message: 'm', to_clients: ['A', 'B', 'C'] });
  const change = { from_client: 'a', timestamp: body.timestamp };
  const mid = body['msg-id'];
  const edited = await as('PUT', `${path}/${mid}`, { ...change, message: 'n', to_clients: ['A', 'B'] });
  assert.deepEqual([edited.status, edited.body], [200, { result: {} }]);
  assert.deepEqual([await heard(id, 'A'), await heard(id, 'B'), await heard(id, 'C')], [['n'], ['n'], ['m']]);
  assert.equal((await as('PUT', `${path}/${mid}/recall`, { ...change, to_clients: ['B'] })).status, 200);
  assert.equal(JSON.parse((await heard(id, 'B'))[0])._lctype, -127);
  assert.equal((await as('PUT', `${path}/${mid}`, { ...change, message: 'n', to_clients: ['Z'] })).body.code, 4404);

  const own = `${services}/${id}/subscribers/C/messages/${mid}?from_client=a&timestamp=`;
  assert.equal((await as('DELETE', `${own}${body.timestamp + 1}`)).body.code, 4404);
  assert.deepEqual((await as('DELETE', own + body.timestamp)).body, {});
  assert.deepEqual([await heard(id, 'A'), await heard(id, 'C')], [['n'], []]);
});

it('[LC-261] a subscriber’s history is one, of what all heard and what he alone heard', async () => {
  const id = await make();
  await follow(id, 'Tom');
  for (const n of [1, 2]) {
    await as('POST', `${services}/${id}/broadcasts`, { from_client: 'a', message: `all ${n}` });
    world.clock.advance(5);
    await as('POST', `${services}/${id}/messages`, { from_client: 'a', message: `own ${n}`, to_clients: ['Tom'] });
    world.clock.advance(5);
  }
  assert.deepEqual(await heard(id, 'Tom'), ['own 2', 'all 2', 'own 1', 'all 1']);
  const path = `${services}/${id}/subscribers/Tom/messages`;
  const page = (await as('GET', `${path}?limit=2`)).body;
  const { timestamp, 'msg-id': mid } = page[1];
  const next = (await as('GET', `${path}?timestamp=${timestamp}&msgid=${mid}`)).body;
  assert.deepEqual(
    next.map((one: { data: string }) => one.data),
    ['own 1', 'all 1'],
  );
});

it('[LC-65] a word to everybody is valid for a time, and can be ended before', async () => {
  const id = await make();
  const path = '/1.2/rtm/broadcasts';
  const said = { from_client: 'a', conv_id: id, message: 'to all' };
  const now = world.clock.now();
  assert.equal((await as('POST', path, { ...said, valid_till: now - 1 })).status, 400);
  assert.equal((await as('POST', path, { ...said, valid_till: now + 32 * 86_400_000 })).status, 400);
  const { body } = await as('POST', path, { ...said, valid_till: now + 60_000 });
  assert.equal(body.result['msg-id'], body['msg-id']);
  const [record] = (await as('GET', `${path}?conv_id=${id}`)).body;
  assert.equal(record['msg-id'], body['msg-id']);
  assert.equal(record.data, 'to all');
  assert.equal(record['valid-till'], now + 60_000);

  const change = { from_client: 'a', timestamp: body.timestamp, message: 'to all of you' };
  assert.equal((await as('PUT', `${services}/${id}/messages/${body['msg-id']}`, change)).status, 200);
  assert.equal((await as('GET', `${path}?conv_id=${id}`)).body[0].data, 'to all of you');
  assert.deepEqual((await as('DELETE', `${path}/${body['msg-id']}`)).body, {});
  assert.deepEqual((await as('GET', `${path}?conv_id=${id}`)).body, []);
  assert.equal((await as('DELETE', `${path}/${body['msg-id']}`)).body.code, 4404);
  const transient = await as('POST', path, { ...said, transient: true });
  assert.equal(transient.status, 200);
  assert.deepEqual((await as('GET', `${path}?conv_id=${id}`)).body, []);
});

it('[LC-262] the endpoints of services are for services, and for the master key', async () => {
  const group = (await call('POST', '/1.2/rtm/conversations', { m: ['A'] })).body.objectId;
  assert.deepEqual((await follow(group, 'Tom')).body, { code: 4313, error: 'SYSTEM_CONVERSATION_REQUIRED' });
  const id = await make();
  assert.equal((await call('GET', `${services}/${id}/subscribers`)).status, 403);
  assert.equal((await call('POST', '/1.2/rtm/broadcasts', { conv_id: id })).status, 403);
  assert.equal((await follow('65a0c0ffee0000000000abcd', 'Tom')).body.code, 4303);
});
