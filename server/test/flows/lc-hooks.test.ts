// What an application's own server decides and hears through LeanCloud's hooks, over REST and the socket.
import assert from 'node:assert/strict';
import { after, beforeEach, it } from 'node:test';
import { eventually } from '../kit/eventually.ts';
import { leancloud } from '../kit/leancloud.ts';
import { type HookStandIn, openHookStandIn } from '../kit/leancloud-hooks.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { openWebhookStandIn } from '../kit/push/webhook.ts';
import { openWorld } from '../kit/world.ts';

const hooks: HookStandIn = await openHookStandIn();
const services: HookStandIn = await openHookStandIn();
const push = await openWebhookStandIn();
const world = await openWorld({
  settings: { 'leancloud.hooks': hooks.keys, 'push.webhook': push.keys, 'services.webhook': services.keys },
});
after(async () => {
  await world.close();
  for (const one of [hooks, services, push]) await one.close();
});
beforeEach(() => {
  hooks.clear();
  push.pushes.length = 0;
});
const call = leancloud(world);
const base = '/1.2/rtm/conversations';
const make = async (m = ['A', 'B']): Promise<string> => (await call('POST', base, { m })).body.objectId;
const say = async (id: string, message: string, more: object = {}) =>
  (await call('POST', `${base}/${id}/messages`, { from_client: 'A', message, ...more })).body;
const textOf = async (id: string) =>
  (await call('GET', `${base}/${id}/messages`, undefined, { master: true })).body[0].data;
const device = (who: string) =>
  call('POST', '/1.1/installations', { deviceType: 'phone', deviceToken: `token-${who}`, channels: [who] });

it('[LC-300] an edit and a recall are refused by the application with 4405, and an edit is changed', async () => {
  const id = await make();
  const said = await say(id, 'one');
  const path = `${base}/${id}/messages/${said['msg-id']}`;
  const change = { from_client: 'A', timestamp: said.timestamp };
  hooks.answers = { _messageUpdate: { drop: true, code: 8, detail: 'it stays' } };
  const refused = await call('PUT', path, { ...change, message: 'two' });
  assert.deepEqual([refused.status, refused.body], [400, { code: 4405, error: 'it stays' }]);
  assert.equal((await call('PUT', `${path}/recall`, change)).body.code, 4405);
  assert.equal(await textOf(id), 'one');
  const [edit, recall] = hooks.of('_messageUpdate').map(({ params }) => params);
  assert.deepEqual(
    [edit.fromPeer, edit.convId, edit.msgId, edit.timestamp, edit.toPeers, edit.content, edit.recall, edit.system],
    ['A', id, said['msg-id'], said.timestamp, ['B'], 'two', false, false],
  );
  assert.deepEqual([edit.sourceIP, recall.recall], ['127.0.0.1', true]);

  hooks.answers = { _messageUpdate: { content: 'two, softly' } };
  assert.equal((await call('PUT', path, { ...change, message: 'two' })).status, 200);
  assert.equal(await textOf(id), 'two, softly');
  hooks.answers = { _messageUpdate: { drop: true } };
  const bare = await call('PUT', path, { ...change, message: 'three' });
  assert.deepEqual(bare.body, { code: 4405, error: 'MESSAGE_UPDATE_REJECTED_BY_APP' });
});

it('[LC-300] over the socket the refusal carries the application’s code, and an edit may be shown to some alone', async () => {
  const [a, b, c] = [await LcWire.open(world, 'A'), await LcWire.open(world, 'B'), await LcWire.open(world, 'C')];
  const cid = await a.start(['A', 'B', 'C']);
  const { ackMessage: ack } = await a.say(cid, 'one');
  const patch = (data: string) =>
    a.ask({ cmd: 'patch', op: 'modify', patchMessage: { patches: [{ cid, mid: ack?.uid, timestamp: ack?.t, data }] } });
  hooks.answers = { _messageUpdate: { drop: true, code: 9, detail: 'no' } };
  const { errorMessage: error } = await patch('two');
  assert.deepEqual([error?.code, error?.appCode, error?.detail], [4405, 9, 'no']);
  hooks.answers = { _messageUpdate: { toPeers: ['B'] } };
  assert.equal((await patch('three')).op, 'modified');
  assert.equal((await b.nextOp('patch')).patchMessage?.patches?.[0]?.data, 'three');
  await c.settled();
  assert.deepEqual(
    c.pushes.filter(({ cmd }) => cmd === 'patch'),
    [],
  );
  for (const wire of [a, b, c]) await wire.close();
});

it('[LC-301] columns and push mutes are refused, or other ones take their place', async () => {
  const id = await make();
  hooks.answers = { _conversationUpdate: { attr: { name: 'theirs', 'attr.k': { __op: 'Increment', amount: 2 } } } };
  assert.equal((await call('PUT', `${base}/${id}`, { name: 'ours', 'attr.k': 1 })).status, 200);
  const [asked] = hooks.of('_conversationUpdate');
  assert.deepEqual(asked?.params, { initBy: '', convId: id, attr: { name: 'ours', 'attr.k': 1 } });
  const row = async () => (await call('GET', `${base}/${id}`, undefined, { master: true })).body;
  const { name, attr } = await row();
  assert.deepEqual([name, attr], ['theirs', { k: 2 }]);

  hooks.clear();
  hooks.answers = { _conversationUpdate: { mute: false } };
  await call('POST', `${base}/${id}/mutes`, { client_ids: ['B'] });
  assert.deepEqual(hooks.of('_conversationUpdate')[0]?.params, { initBy: 'B', convId: id, mute: true });
  assert.deepEqual((await row()).mu, []);
  hooks.answers = { _conversationUpdate: { reject: true, detail: 'never' } };
  const refused = await call('POST', `${base}/${id}/mutes`, { client_ids: ['B'] });
  assert.deepEqual([refused.status, refused.body], [400, { code: 4305, error: 'never' }]);
});

it('[LC-302] [CORE-401] the application says who of the absent is told, and in which words', async () => {
  for (const who of ['P', 'Q', 'R']) assert.equal((await device(who)).status, 201);
  const id = await make(['A', 'P', 'Q', 'R']);
  await call('POST', `${base}/${id}/mutes`, { client_ids: ['R'] });
  const told = (count: number) =>
    eventually('the devices are told', () => push.pushes.length === count && push.pushes.splice(0));
  const usersOf = (pushes: { user: string; text: string }[]) =>
    pushes.map(({ user, text }) => `${user}: ${text}`).sort();

  hooks.answers = { _receiversOffline: { skip: true } };
  await say(id, 'one', { mention_client_ids: ['Q'] });
  await eventually('it is asked', () => hooks.of('_receiversOffline').length === 1);
  const { params } = hooks.of('_receiversOffline')[0] ?? {};
  assert.deepEqual([params.offlinePeers.sort(), params.mentionOfflinePeers], [['P', 'Q', 'R'], ['Q']]);
  assert.deepEqual([params.convId, params.content, params.mentionAll], [id, 'one', false]);

  hooks.answers = { _receiversOffline: { offlinePeers: ['Q', 'R'], pushMessage: '{"alert":"psst"}' } };
  await say(id, 'two');
  assert.deepEqual(usersOf(await told(1)), ['Q: psst']);
  hooks.answers = { _receiversOffline: { force: true } };
  await say(id, 'three');
  assert.deepEqual(usersOf(await told(3)), ['P: three', 'Q: three', 'R: three']);
});

it('[CORE-400] who is mentioned is told though he is quiet about the group, unless he is quiet about everything', async () => {
  for (const who of ['S', 'T']) await device(who);
  const id = await make(['A', 'S', 'T']);
  await call('POST', `${base}/${id}/mutes`, { client_ids: ['S', 'T'] });
  await world.core.store.quiets.change(world.app.no, 'T', { add: [':*'], remove: [], strict: false }, 1);
  await say(id, 'for nobody');
  await say(id, 'for you', { mention_client_ids: ['S', 'T'] });
  const [one] = await eventually('it is told', () => push.pushes.length > 0 && push.pushes);
  assert.deepEqual([one.user, one.text, push.pushes.length], ['S', 'for you', 1]);
});

it('[LC-303] the application vouches for a user, or refuses his login signature', async () => {
  const { body } = await call('POST', '/1.1/users', { username: 'vera', password: 'pw' });
  const sign = () => call('POST', '/1.1/rtm/sign', { session_token: body.sessionToken });
  hooks.answers = { _rtmClientSign: { result: false, error: 'not today' } };
  const refused = await sign();
  assert.deepEqual([refused.status, refused.body.error], [400, 'not today']);
  assert.equal(hooks.of('_rtmClientSign')[0]?.params.username, 'vera');
  hooks.answers = { _rtmClientSign: { result: true } };
  assert.equal((await sign()).body.client_id, body.objectId);
});

it('[LC-304] logins and their ends are told, with tag, address and reason', async () => {
  const wire = await LcWire.open(world, 'Tag', { tag: 'mobile', deviceId: 'one' });
  const online = await eventually('online', () => hooks.of('_clientOnline')[0]);
  assert.deepEqual(online.params, { peerId: 'Tag', sourceIP: '127.0.0.1', tag: 'mobile', reconnect: 0 });
  const other = await LcWire.open(world, 'Tag', { tag: 'mobile', deviceId: 'two' });
  await call('POST', '/1.2/rtm/clients/Tag/kick', { reason: 'go' }, { master: true });
  const plain = await LcWire.open(world, 'Plain');
  await plain.ask({ cmd: 'session', op: 'close', peerId: 'Plain', sessionMessage: {} });
  const lost = await LcWire.open(world, 'Lost');
  await lost.close();
  const broken = await LcWire.open(world, 'Broken');
  broken.sendBytes(Buffer.from([0xff, 0xff, 0xff]));
  await eventually('all are told', () => hooks.of('_clientOffline').length >= 5);
  const ends = hooks
    .of('_clientOffline')
    .map(({ params }) => [params.peerId, params.closeCode, params.tag, params.errorCode ?? 0].join(' '))
    .sort();
  assert.deepEqual(ends, [
    'Broken 2 default 4114',
    'Lost 2 default 0',
    'Plain 1 default 0',
    'Tag 3 mobile 0',
    'Tag 4 mobile 0',
  ]);
  for (const one of [wire, other, plain, broken]) await one.close();
});

it('[LC-305] only the hooks that were named are asked; a message says from where it came', async () => {
  await world.set({ 'leancloud.hookNames': ['_messageReceived'] });
  const id = await make();
  await say(id, 'hello');
  assert.deepEqual(
    hooks.asked.map(({ name }) => name),
    ['_messageReceived'],
  );
  assert.equal(hooks.asked[0]?.params.sourceIP, '127.0.0.1');
  await world.set({ 'leancloud.hookNames': [] });
});

it('[LC-306] what clients say to services is told to the application’s server, in order, until it takes it', async () => {
  const service = (await call('POST', '/1.2/rtm/service-conversations', { name: 'desk' }, { master: true })).body;
  const wire = await LcWire.open(world, 'Up');
  const path = services.keys.url.split('/').at(-1) ?? '';
  services.answers = { [path]: 503, '': 503 };
  await wire.say(service.objectId, 'one');
  await eventually('it was tried', () => services.asked.length > 0);
  await wire.say(service.objectId, 'two');
  services.answers = { [path]: {}, '': {} };
  const took = () => services.asked.flatMap(({ params }) => params).filter(({ data }) => data.includes('two'));
  await eventually('it is taken', () => took().length > 0);
  const [row] = services.asked[0]?.params ?? [];
  assert.deepEqual(row.conv, { __type: 'Pointer', className: '_Conversation', objectId: service.objectId });
  assert.deepEqual([row.from, row.bin, row.createdAt.__type], ['Up', false, 'Date']);
  assert.deepEqual(Object.keys(row).sort(), [
    'bin',
    'conv',
    'createdAt',
    'data',
    'from',
    'fromIp',
    'msgId',
    'updatedAt',
  ]);
  assert.equal(services.asked[0]?.headers['x-lc-hook-key'], services.keys.secret);
  await eventually(
    'nothing waits',
    async () => (await world.core.store.services.waiting(world.app.no, 9)).length === 0,
  );
  await wire.close();
});
