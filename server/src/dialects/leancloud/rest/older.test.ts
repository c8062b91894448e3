import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const world = await openWorld();
after(() => world.close());
const call = leancloud(world);
const as = (method: string, path: string, body?: unknown) => call(method, path, body, { master: true });
const rtm = '/1.1/rtm';

const group = async (m: string[] = ['A', 'B']): Promise<string> =>
  (await call('POST', '/1.2/rtm/conversations', { m })).body.objectId;
const service = async (): Promise<string> =>
  (await as('POST', '/1.2/rtm/service-conversations', { name: 's' })).body.objectId;
const dataOf = (body: { data: string }[]) => body.map(({ data }) => data);

it('[LC-44] here a message is transient unless it says that it is not', async () => {
  const id = await group();
  const said = { from_peer: 'A', conv_id: id, message: 'gone' };
  const gone = await call('POST', `${rtm}/messages`, said);
  assert.deepEqual(Object.keys(gone.body).sort(), ['msg-id', 'timestamp']);
  await call('POST', `${rtm}/messages`, { ...said, message: 'kept', transient: false });
  for (const path of ['history', 'logs'])
    assert.deepEqual(dataOf((await call('GET', `${rtm}/messages/${path}?convid=${id}`)).body), ['kept']);
});

it('[LC-263] history of a sender, or of everybody, is for the master key', async () => {
  const id = await group();
  await call('POST', `${rtm}/messages`, { from_peer: 'Solo', conv_id: id, message: 'm', transient: false });
  assert.equal((await call('GET', `${rtm}/messages/history?from=Solo`)).status, 403);
  assert.deepEqual(dataOf((await as('GET', `${rtm}/messages/history?from=Solo`)).body), ['m']);
  assert.ok((await as('GET', `${rtm}/messages/history?limit=1`)).body.length === 1);
});

it('[LC-264] what a service said to one client is found by the digest of both, where the client is named', async () => {
  const id = await service();
  const said = { from_peer: 'a', conv_id: id, message: 'own', to_peers: ['Tom'], transient: false };
  assert.equal((await call('POST', `${rtm}/messages`, said)).status, 200);
  const convid = createHash('md5').update(`${id}:Tom`).digest('hex');
  const { body } = await call('GET', `${rtm}/messages/history?convid=${convid}&peerid=Tom`);
  assert.deepEqual(dataOf(body), ['own']);
  assert.equal((await call('GET', `${rtm}/messages/history?convid=${convid}&peerid=Jerry`)).status, 404);
});

it('[LC-265] records of the log are replaced and taken away, by the master key', async () => {
  const id = await group();
  const { body } = await call('POST', `${rtm}/messages`, {
    from_peer: 'A',
    conv_id: id,
    message: 'first',
    transient: false,
  });
  const record = { 'conv-id': id, 'msg-id': body['msg-id'], timestamp: body.timestamp, from: 'A', data: 'second' };
  const put = { ...record, conv_id: id };
  assert.equal((await call('PUT', `${rtm}/messages/logs`, put)).status, 403);
  assert.deepEqual((await as('PUT', `${rtm}/messages/logs`, record)).body, {});
  const path = `${rtm}/messages/history?convid=${id}`;
  assert.deepEqual(dataOf((await call('GET', path)).body), ['second']);
  const query = `convid=${id}&msgid=${body['msg-id']}&timestamp=${body.timestamp}&from=`;
  assert.equal((await as('DELETE', `${rtm}/messages/logs?${query}B`)).body.code, 4403);
  assert.deepEqual((await as('DELETE', `${rtm}/messages/logs?${query}A`)).body, {});
  assert.deepEqual((await call('GET', path)).body, []);
});

it('[LC-266] a patch changes or recalls, in a conversation and for some clients of a service', async () => {
  const id = await group();
  const { body } = await call('POST', `${rtm}/messages`, {
    from_peer: 'A',
    conv_id: id,
    message: 'one',
    transient: false,
  });
  const patch = { from_peer: 'A', conv_id: id, msg_id: body['msg-id'], timestamp: body.timestamp };
  const path = `${rtm}/patch/message`;
  assert.equal((await call('POST', path, { ...patch, message: 'x' })).status, 403);
  assert.equal((await as('POST', path, { ...patch, from_peer: 'B', message: 'x' })).body.code, 4403);
  assert.deepEqual((await as('POST', path, { ...patch, message: 'two' })).body, { result: {} });
  const read = async () => dataOf((await call('GET', `${rtm}/messages/history?convid=${id}`)).body);
  assert.deepEqual(await read(), ['two']);
  assert.equal((await as('POST', path, { ...patch, recall: true })).status, 200);
  assert.equal(JSON.parse((await read())[0] ?? '')._lctype, -127);

  const news = await service();
  const said = { from_peer: 'a', conv_id: news, message: 'm', to_peers: ['T', 'J'], transient: false };
  const many = (await call('POST', `${rtm}/messages`, said)).body;
  const change = { from_peer: 'a', conv_id: news, msg_id: many['msg-id'], timestamp: many.timestamp, message: 'n' };
  assert.equal((await as('POST', path, { ...change, to_peers: 'J' })).status, 200);
  const own = async (who: string) =>
    dataOf((await as('GET', `/1.2/rtm/service-conversations/${news}/subscribers/${who}/messages`)).body);
  assert.deepEqual([await own('T'), await own('J')], [['m'], ['n']]);
});

it('[LC-67] whether somebody has subscribed is a bare word', async () => {
  const id = await service();
  const path = `${rtm}/conversation`;
  const query = `?conv_id=${id}&client_id=Tom`;
  assert.equal((await call('GET', `${path}/subscribed${query}`)).text, 'false');
  assert.deepEqual((await call('POST', `${path}/subscription`, { conv_id: id, client_id: 'Tom' })).body, {});
  assert.equal((await call('GET', `${path}/subscribed${query}`)).text, 'true');
  assert.deepEqual((await call('GET', `${path}/subscribers/count${query}`)).body, { count: 1 });
  assert.equal((await call('GET', `${path}/subscribers?conv_id=${id}`)).body[0].subscriber, 'Tom');
  assert.equal((await call('GET', `${path}/subscription?client_id=Tom`)).body[0].conv_id, id);
  assert.deepEqual((await call('DELETE', `${path}/subscription${query}`)).body, {});
  assert.equal((await call('GET', `${path}/subscribed${query}`)).text, 'false');
});

it('[LC-267] the older paths of broadcasts, silences, presence and unread are the newer ones', async () => {
  const news = await service();
  const said = { from_peer: 'a', conv_id: news, message: 'm' };
  assert.equal((await call('POST', `${rtm}/broadcast`, said)).status, 403);
  const { body } = await as('POST', `${rtm}/broadcast`, said);
  assert.equal((await as('GET', `${rtm}/broadcast?conv_id=${news}`)).body[0]['msg-id'], body['msg-id']);
  assert.deepEqual((await as('DELETE', `${rtm}/broadcast?mid=${body['msg-id']}`)).body, {});
  const all = await as('POST', `${rtm}/broadcast/subscriber`, said);
  assert.equal(all.body.result.timestamp, all.body.timestamp);

  const id = await group(['A', 'Lone']);
  const silence = { conv_id: id, client_id: 'A', ttl: 50 };
  assert.deepEqual((await call('POST', `${rtm}/conversation/blacklist`, silence)).body, {});
  const mutes = async () => (await call('GET', `/1.2/rtm/conversations/${id}/mutes`)).body;
  assert.deepEqual(await mutes(), ['A']);
  await call('DELETE', `${rtm}/conversation/blacklist?conv_id=${id}&client_id=A`);
  assert.deepEqual(await mutes(), []);

  await call('POST', `${rtm}/messages`, { from_peer: 'A', conv_id: id, message: 'm', transient: false });
  assert.deepEqual((await call('GET', `${rtm}/messages/unread/Lone/${id}`)).body, { count: 1 });
  assert.deepEqual((await call('GET', `${rtm}/messages/unread/Lone`)).body, { count: 1 });
  assert.deepEqual((await call('POST', `${rtm}/online`, { peers: ['A'] })).body, { results: [] });
  assert.deepEqual((await call('POST', `${rtm}/client/kick`, { client_id: 'A', reason: 'bye' })).body, {});
  const room = (await as('POST', '/1.2/rtm/chatrooms', { name: 'r' })).body.objectId;
  assert.deepEqual((await call('GET', `${rtm}/transient_group/onlines?gid=${room}`)).body, { result: 0 });
  assert.deepEqual((await call('GET', `${rtm}/transient_group/members?gid=${room}`)).body, { result: [] });
});
