// Two apps on one server share nothing behind LeanCloud's door, not even the people of the same name.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { openWorld } from '../kit/world.ts';

const world = await openWorld();
after(() => world.close());
const here = leancloud(world);
const there = leancloud({ url: world.url, app: world.other });
const master = { master: true };
const rtm = '/1.2/rtm';

it('[LC-332] conversations, messages, rooms, services, users, files and devices of one app are not in the other', async () => {
  const made = (await here('POST', `${rtm}/conversations`, { m: ['A', 'B'], unique: true })).body;
  const path = `${rtm}/conversations/${made.objectId}`;
  const said = (await here('POST', `${path}/messages`, { from_client: 'A', message: 'only here' })).body;
  const room = (await here('POST', `${rtm}/chatrooms`, {}, master)).body.objectId;
  const service = (await here('POST', `${rtm}/service-conversations`, {}, master)).body.objectId;
  await here('POST', `${rtm}/service-conversations/${service}/subscribers`, { client_id: 'A' }, master);
  const user = (await here('POST', '/1.1/users', { username: 'ann', password: 'pw' })).body;
  const device = (await here('POST', '/1.1/installations', { deviceType: 'x', deviceToken: 't', channels: ['A'] }))
    .body;
  const place = (await here('POST', '/1.1/fileTokens', { name: 'a.txt' })).body;
  await fetch(place.upload_url, { method: 'PUT', body: 'x' });

  const change = { from_client: 'A', timestamp: said.timestamp, message: 'theirs' };
  const asked: [method: string, path: string, body: unknown, code: number][] = [
    ['GET', path, undefined, 4303],
    ['PUT', path, { name: 'x' }, 4303],
    ['DELETE', path, undefined, 4303],
    ['GET', `${path}/members`, undefined, 4303],
    ['POST', `${path}/members`, { client_ids: ['C'] }, 4303],
    ['POST', `${path}/messages`, change, 4401],
    ['GET', `${path}/messages`, undefined, 4303],
    ['PUT', `${path}/messages/${said['msg-id']}`, change, 4303],
    ['POST', `${path}/mutes`, { client_id: 'A', ttl: 5 }, 4303],
    ['GET', `${rtm}/chatrooms/${room}/members/online-count`, undefined, 4303],
    ['GET', `${rtm}/service-conversations/${service}/subscribers`, undefined, 4303],
    ['POST', `${rtm}/broadcasts`, { from_client: 'a', conv_id: service, message: 'x' }, 4401],
    ['GET', `/1.1/rtm/messages/history?convid=${made.objectId}`, undefined, 4303],
    ['PUT', `/1.1/classes/_Conversation/${made.objectId}`, { name: 'x' }, 101],
    ['GET', `/1.1/users/${user.objectId}`, undefined, 211],
    ['POST', '/1.1/login', { username: 'ann', password: 'pw' }, 211],
    ['GET', `/1.1/files/${place.objectId}`, undefined, 101],
    ['GET', `/1.1/classes/_Installation/${device.objectId}`, undefined, 101],
    ['POST', '/1.1/rtm/sign', { session_token: user.sessionToken }, 211],
  ];
  for (const [method, url, body, code] of asked) {
    const answer = await there(method, url, body, master);
    assert.ok(answer.status >= 400, `${method} ${url}: ${answer.text}`);
    assert.equal(answer.body.code, code, `${method} ${url}: ${answer.text}`);
  }
  assert.deepEqual((await there('GET', `/1.1/classes/_Conversation/${made.objectId}`)).body, {});
  for (const url of [
    `${rtm}/all-conversations`,
    '/1.1/classes/_Conversation',
    '/1.1/classes/_User',
    '/1.1/installations',
  ])
    assert.deepEqual((await there('GET', url, undefined, master)).body.results, [], url);
  assert.deepEqual((await there('GET', `${rtm}/messages`, undefined, master)).body, []);
  assert.deepEqual((await there('GET', `${rtm}/clients/A/unread-count`)).body, { count: 0 });
  assert.deepEqual((await there('GET', `${rtm}/clients/A/service-conversations`, undefined, master)).body, []);
  // A unique conversation of people of the same names is another one.
  const theirs = (await there('POST', `${rtm}/conversations`, { m: ['A', 'B'], unique: true })).body;
  assert.notEqual(theirs.objectId, made.objectId);
  assert.equal((await here('GET', `${path}/messages`, undefined, master)).body[0].data, 'only here');
});

it('[LC-332] who is online in one app is not in the other, and hears nothing of it', async () => {
  const [one, two] = [await LcWire.open(world, 'Same'), await LcWire.open(world, 'Same', {}, { app: world.other })];
  const [{ body: mine }, { body: theirs }] = [
    await here('POST', `${rtm}/conversations`, { m: ['Same', 'A'] }),
    await there('POST', `${rtm}/conversations`, { m: ['Same', 'A'] }),
  ];
  await here('POST', `${rtm}/conversations/${mine.objectId}/messages`, { from_client: 'A', message: 'here' });
  await there('POST', `${rtm}/conversations/${theirs.objectId}/messages`, { from_client: 'A', message: 'there' });
  const heard = async (wire: LcWire) => {
    const { directMessage } = await wire.nextOp('direct');
    await wire.settled();
    return [directMessage?.msg, ...wire.pushes.filter(({ cmd }) => cmd === 'direct')];
  };
  assert.deepEqual([await heard(one), await heard(two)], [['here'], ['there']]);
  await here('POST', `${rtm}/clients/Same/kick`, {}, master);
  assert.equal((await one.nextOp('session', 'closed')).sessionMessage?.code, 4115);
  const online = async (call: typeof here) =>
    (await call('POST', `${rtm}/clients/check-online`, { client_ids: ['Same'] }, master)).body.results;
  assert.deepEqual([await online(here), await online(there)], [[], ['Same']]);
  const { convMessage } = await two.ask({
    cmd: 'conv',
    op: 'query',
    convMessage: { where: { data: JSON.stringify({ objectId: mine.objectId }) } },
  });
  assert.deepEqual(JSON.parse(convMessage?.results?.data ?? '[]'), []);
  await one.close();
  await two.close();
});
