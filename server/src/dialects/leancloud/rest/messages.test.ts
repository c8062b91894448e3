import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld } from '../../../../test/kit/world.ts';

const world = await openWorld();
after(() => world.close());
const call = leancloud(world);
const base = '/1.2/rtm/conversations';
const master = { master: true };

const make = async (m: string[] = ['A', 'B']): Promise<string> => (await call('POST', base, { m })).body.objectId;
const say = (id: string, message: unknown, more: object = {}) =>
  call('POST', `${base}/${id}/messages`, { from_client: 'A', message, ...more });
const history = async (id: string, query = '') =>
  (await call('GET', `${base}/${id}/messages?${query}`, undefined, master)).body;
const texts = (records: { data: string }[]): string[] => records.map(({ data }) => data);

it('[LC-37] a message is answered with its id and its time', async () => {
  const { status, body } = await say(await make(), 'hello');
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), ['msg-id', 'timestamp']);
  assert.match(body['msg-id'], /^[A-Za-z0-9_-]{22}$/);
  assert.ok(Number.isSafeInteger(body.timestamp));
});

it('[LC-38] [LC-35] REST speaks for anybody, member or not, silenced or not', async () => {
  const id = await make();
  assert.equal((await say(id, 'x', { from_client: 'stranger' })).status, 200);
  await call('POST', `${base}/${id}/mutes`, { client_id: 'B', ttl: 60 });
  assert.equal((await say(id, 'x', { from_client: 'B' })).status, 200);
});

it('[LC-39] sender and text are required, and not empty', async () => {
  const id = await make();
  for (const body of [
    {},
    { from_client: 'A' },
    { message: 'x' },
    { from_client: '', message: 'x' },
    { from_client: 'A', message: '' },
  ]) {
    const answer = await call('POST', `${base}/${id}/messages`, body);
    assert.deepEqual([answer.status, answer.body.code], [400, 1], JSON.stringify(body));
  }
});

it('[LC-40] 5120 bytes pass and 5121 do not, counted in bytes', async () => {
  const id = await make();
  assert.equal((await say(id, 'x'.repeat(5120))).status, 200);
  for (const text of ['x'.repeat(5121), '中'.repeat(1707)]) {
    const answer = await say(id, text);
    assert.deepEqual([answer.status, answer.body.code], [400, 4109]);
  }
});

it('[LC-42] transient messages are in no history', async () => {
  const id = await make();
  assert.equal((await say(id, 'gone', { transient: true })).status, 200);
  await say(id, 'kept');
  assert.deepEqual(texts(await history(id)), ['kept']);
});

it('[LC-43] priorities are words in any case', async () => {
  const id = await make();
  for (const priority of ['HIGH', 'Normal', 'low']) assert.equal((await say(id, 'x', { priority })).status, 200);
  assert.equal((await say(id, 'x', { priority: 'urgent' })).status, 400);
});

it('[LC-45] times strictly increase in the order of sending', async () => {
  const id = await make();
  const sent: number[] = [];
  for (let n = 0; n < 5; n++) sent.push((await say(id, String(n))).body.timestamp);
  assert.ok(sent.every((ts, n) => n === 0 || ts > (sent[n - 1] ?? 0)));
  assert.deepEqual(texts(await history(id, 'reversed=true')), ['0', '1', '2', '3', '4']);
});

it('[LC-46] 21 mentions are too many', async () => {
  const id = await make();
  const many = Array.from({ length: 21 }, (_, n) => `m${n}`);
  assert.equal((await say(id, 'x', { mention_client_ids: many })).status, 400);
  await say(id, '@B', { mention_client_ids: ['B'] });
  assert.deepEqual((await history(id))[0]['mention-pids'], ['B']);
});

it('[LC-47] boundaries are left out unless they are asked for', async () => {
  const id = await make();
  const sent = [];
  for (const text of ['1', '2', '3']) sent.push((await say(id, text)).body);
  const [one, , three] = sent;
  const down = `timestamp=${three.timestamp}&msgid=${three['msg-id']}&till_timestamp=${one.timestamp}&till_msgid=${one['msg-id']}`;
  const up = `timestamp=${one.timestamp}&msgid=${one['msg-id']}&till_timestamp=${three.timestamp}&till_msgid=${three['msg-id']}&reversed=true`;
  const rows: [string, string[]][] = [
    [down, ['2']],
    [`${down}&include_start=true`, ['3', '2']],
    [`${down}&include_stop=true`, ['2', '1']],
    [up, ['2']],
    [`${up}&include_start=true`, ['1', '2']],
    [`${up}&include_stop=true`, ['2', '3']],
  ];
  for (const [query, wanted] of rows) assert.deepEqual(texts(await history(id, query)), wanted, query);
});

it('[LC-48] a limit that cannot be is 100, one that is too large is 1000', async () => {
  const id = await make();
  for (let n = 0; n < 105; n++) await say(id, String(n));
  assert.equal((await history(id, 'limit=0')).length, 100);
  assert.equal((await history(id, 'limit=5000')).length, 105);
  assert.equal((await history(id, 'limit=3')).length, 3);
});

it('[LC-49] a record has the documented keys', async () => {
  const id = await make();
  await say(id, 'x');
  const [record] = await history(id);
  assert.deepEqual(Object.keys(record).sort(), [
    'bin',
    'conv-id',
    'data',
    'from',
    'from-ip',
    'is-conv',
    'is-room',
    'msg-id',
    'timestamp',
    'to',
  ]);
  assert.deepEqual(
    [record['conv-id'], record.to, record.bin, record['is-conv'], record.from],
    [id, id, false, true, 'A'],
  );
});

it('[LC-50] [LC-51] a message is modified by its sender, who knows its time', async () => {
  const id = await make();
  const { 'msg-id': mid, timestamp } = (await say(id, 'old')).body;
  const path = `${base}/${id}/messages/${mid}`;
  for (const [method, message] of [
    ['POST', 'new'],
    ['PUT', 'newer'],
  ] as const) {
    const answer = await call(method, path, { from_client: 'A', message, timestamp });
    assert.deepEqual([answer.status, answer.body], [200, { result: {} }]);
    const [record] = await history(id);
    assert.deepEqual([record.data, record['msg-id'], record.timestamp], [message, mid, timestamp]);
  }
  const late = await call('POST', path, { from_client: 'A', message: 'x', timestamp: timestamp + 1 });
  assert.deepEqual([late.status, late.body.code], [404, 4404]);
  const foreign = await call('POST', path, { from_client: 'B', message: 'x', timestamp });
  assert.deepEqual([foreign.status, foreign.body.code], [403, 4403]);
});

it('[LC-52] a message is recalled, again too, and shows that it was', async () => {
  const id = await make();
  const { 'msg-id': mid, timestamp } = (await say(id, 'oops')).body;
  for (const method of ['POST', 'PUT', 'POST']) {
    const body = { from_client: 'A', timestamp, message: 'ignored' };
    assert.deepEqual((await call(method, `${base}/${id}/messages/${mid}/recall`, body)).body, { result: {} });
  }
  assert.equal(JSON.parse((await history(id))[0].data)._lctype, -127);
  const edit = await call('PUT', `${base}/${id}/messages/${mid}`, { from_client: 'A', message: 'x', timestamp });
  assert.deepEqual([edit.status, edit.body.code], [404, 4404]);
});

it('[LC-53] a message is taken away, in the shape of each caller', async () => {
  const id = await make();
  const one = (await say(id, '1')).body;
  const two = (await say(id, '2')).body;
  const path = ({ 'msg-id': mid, timestamp }: typeof one, who: string) =>
    `${base}/${id}/messages/${mid}?${who}=A&timestamp=${timestamp}`;
  assert.deepEqual((await call('DELETE', path(one, 'client_id'))).body, { result: {} });
  assert.deepEqual((await call('DELETE', path(two, 'from_client'), undefined, master)).body, {});
  assert.deepEqual(await history(id), []);
});

it('[LC-29] [LC-31] [LC-32] a silence lasts as long as it says, or until it is lifted', async () => {
  const id = await make();
  const path = `${base}/${id}/mutes`;
  const { body } = await call('POST', path, { client_id: 'E', ttl: 2 });
  assert.deepEqual(Object.keys(body).sort(), ['objectId', 'updatedAt']);
  assert.deepEqual((await call('GET', path)).body, ['E']);
  world.clock.advance(3_000);
  assert.deepEqual((await call('GET', path)).body, []);
  assert.equal((await call('POST', path, { client_id: 'E', ttl: 86_400 })).status, 200);
  assert.equal((await call('POST', path, { client_id: 'E', ttl: 86_401 })).status, 400);
  assert.equal((await call('DELETE', `${path}?client_id=E`)).status, 200);
  assert.deepEqual((await call('GET', path)).body, []);
});

it('[LC-33] [LC-34] several ids mean push mutes; neither form is refused', async () => {
  const id = await make();
  const path = `${base}/${id}/mutes`;
  assert.equal((await call('POST', path, { client_ids: ['T'] })).status, 200);
  assert.deepEqual((await call('GET', `${base}/${id}`)).body.mu, ['T']);
  assert.deepEqual((await call('GET', path, undefined, master)).body, { result: ['T'] });
  assert.deepEqual((await call('GET', path)).body, []);
  await call('DELETE', path, { client_ids: ['T'] });
  assert.deepEqual((await call('GET', path, undefined, master)).body, { result: [] });
  assert.equal((await call('POST', path, { conv_id: 'x', ttl: 50 })).status, 400);
});
