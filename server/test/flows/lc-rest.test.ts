// LeanCloud's REST door and its socket together: what one says the other hears.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { eventually } from '../kit/eventually.ts';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { openWebhookStandIn } from '../kit/push/webhook.ts';
import { openWorld } from '../kit/world.ts';

const push = await openWebhookStandIn();
const world = await openWorld({ settings: { 'push.webhook': push.keys } });
after(async () => {
  await world.close();
  await push.close();
});
const call = leancloud(world);
const as = (method: string, path: string, body?: unknown) => call(method, path, body, { master: true });
const rtm = '/1.2/rtm';
const make = async (m: string[]): Promise<string> => (await call('POST', `${rtm}/conversations`, { m })).body.objectId;
const service = async (): Promise<string> =>
  (await as('POST', `${rtm}/service-conversations`, { name: 's' })).body.objectId;
const of = (id: string) => `${rtm}/service-conversations/${id}`;
// biome-ignore lint/suspicious/noExplicitAny: records of every endpoint
const dataOf = ({ body }: { body: any }) => body.map(({ data }: { data: string }) => data);
const saidTo = (wire: LcWire) =>
  wire.pushes.flatMap(({ directMessage: said }) => (said?.msg === undefined ? [] : [said.msg]));

let tom: LcWire;
before(async () => {
  tom = await LcWire.open(world, 'Tom');
});

it('[LC-41] the sender hears what REST says in his name, unless it asked for no sync', async () => {
  const id = await make(['Tom', 'Jerry']);
  const say = (message: string, more: object = {}) =>
    call('POST', `${rtm}/conversations/${id}/messages`, { from_client: 'Tom', message, ...more });
  await say('silently', { no_sync: true });
  const { body } = await say('aloud');
  const heard = await tom.next('his own words', ({ directMessage }) => directMessage?.msg === 'aloud');
  assert.deepEqual([heard.directMessage?.id, Number(heard.directMessage?.timestamp)], [body['msg-id'], body.timestamp]);
  await tom.settled();
  assert.deepEqual(saidTo(tom), []);
});

it('[LC-54] an imported id with + and / is found raw and percent-encoded', async () => {
  const id = await make(['A', 'B']);
  const { store } = world.core;
  const rule = { overwrite: false, createMissing: false };
  const slice = { source: 'test', states: [], losses: [] };
  for (const [n, mid] of ['Ab+cd/ef==', 'Xy+z0123456789abcdefgh'].entries()) {
    const ts = world.clock.now() - 60_000 + n;
    const row = { to: id, foreignId: mid, ts, sender: 'A', content: { type: 'text', text: mid } } as const;
    await store.imports.restoreMessages(world.app.no, [row], rule, slice);
    const path = `${rtm}/conversations/${id}/messages`;
    const change = { from_client: 'A', timestamp: ts, message: 'changed' };
    const encoded = await call('PUT', `${path}/${encodeURIComponent(mid)}`, change);
    assert.deepEqual([encoded.status, encoded.body], [200, { result: {} }], mid);
    const raw = await call('PUT', `${path}/${mid.replace('/', '%2F')}/recall`, change);
    assert.deepEqual([raw.status, raw.body], [200, { result: {} }], mid);
    assert.equal((await call('PUT', `${path}/${mid.replace('+', '%20').replace('/', '%2F')}`, change)).body.code, 4404);
  }
});

it('[LC-57] what REST says in a chatroom is heard by those who are in, but not by its sender', async () => {
  const room = (await as('POST', `${rtm}/chatrooms`, { name: 'hall' })).body.objectId;
  const [jerry, spike] = [await LcWire.open(world, 'Jerry'), await LcWire.open(world, 'Spike')];
  for (const wire of [tom, jerry])
    await wire.ask({ cmd: 'conv', op: 'add', convMessage: { cid: room, m: [wire === tom ? 'Tom' : 'Jerry'] } });
  assert.deepEqual((await as('GET', `${rtm}/chatrooms/${room}/members/online-count`)).body, { result: 2 });
  const { body } = await as('POST', `${rtm}/chatrooms/${room}/messages`, { from_client: 'Tom', message: 'hello' });
  const heard = await jerry.next('the word', ({ directMessage }) => directMessage?.cid === room);
  assert.deepEqual([heard.directMessage?.msg, heard.directMessage?.id], ['hello', body['msg-id']]);
  for (const wire of [tom, spike]) {
    await wire.settled();
    assert.deepEqual(saidTo(wire), []);
  }
  assert.deepEqual(dataOf(await as('GET', `${rtm}/chatrooms/${room}/messages`)), ['hello']);
  await jerry.close();
  await spike.close();
});

it('[LC-59] a word to all subscribers is heard by who is online, unread for who is not, and by nobody else', async () => {
  const desk = await service();
  for (const who of ['Here', 'Away']) await as('POST', `${of(desk)}/subscribers`, { client_id: who });
  const [here, other] = [await LcWire.open(world, 'Here'), await LcWire.open(world, 'Other')];
  const { body } = await as('POST', `${of(desk)}/broadcasts`, { from_client: 'a', message: 'news' });
  const heard = await here.next('the news', ({ directMessage }) => directMessage?.cid === desk);
  assert.deepEqual([heard.directMessage?.msg, heard.directMessage?.id], ['news', body['msg-id']]);
  await other.settled();
  assert.deepEqual(saidTo(other), []);
  const away = await LcWire.open(world, 'Away');
  const { unreadMessage } = await away.nextOp('unread');
  assert.deepEqual(
    unreadMessage?.convs?.map(({ cid, unread }) => [cid, unread]),
    [[desk, 1]],
  );
  for (const wire of [here, other, away]) await wire.close();
});

it('[LC-62] check-online takes 1 to 20 clients and answers those who are', async () => {
  const path = `${rtm}/clients/check-online`;
  const ids = Array.from({ length: 21 }, (_, n) => `c${n}`);
  assert.equal((await as('POST', path, { client_ids: ids })).status, 400);
  assert.equal((await as('POST', path, { client_ids: [] })).status, 400);
  assert.deepEqual((await as('POST', path, { client_ids: ['Nobody', 'Tom', ...ids.slice(0, 18)] })).body, {
    results: ['Tom'],
  });
  assert.equal((await call('POST', path, { client_ids: ['Tom'] })).status, 403);
});

it('[LC-64] unread counts of REST are those that the client is told', async () => {
  const [one, two] = [await make(['A', 'Uma']), await make(['A', 'B', 'Uma'])];
  const desk = await service();
  await as('POST', `${of(desk)}/subscribers`, { client_id: 'Uma' });
  const say = (id: string) => call('POST', `${rtm}/conversations/${id}/messages`, { from_client: 'A', message: 'x' });
  for (const id of [one, two, two]) await say(id);
  await as('POST', `${of(desk)}/broadcasts`, { from_client: 'a', message: 'all' });
  await as('POST', `${of(desk)}/messages`, { from_client: 'a', message: 'own', to_clients: ['Uma'] });
  const count = async (query = '') => (await call('GET', `${rtm}/clients/Uma/unread-count${query}`)).body.count;
  const uma = await LcWire.open(world, 'Uma');
  const { unreadMessage } = await uma.nextOp('unread');
  const told = new Map(unreadMessage?.convs?.map(({ cid, unread }) => [cid, unread]));
  for (const id of [one, two, desk]) assert.equal(await count(`?conv_id=${id}`), told.get(id), id);
  assert.deepEqual([told.get(one), told.get(two), told.get(desk), await count()], [1, 2, 2, 5]);
  assert.deepEqual((await call('GET', '/1.1/rtm/messages/unread/Uma')).body, { count: 5 });
  uma.send({ cmd: 'read', readMessage: { convs: [{ cid: two, timestamp: world.clock.now() + 1_000 }] } });
  await eventually('it is read', async () => (await count()) === 3);
  await uma.close();
});

it('[LC-307] [CORE-406] the words for a push go with a service’s messages and broadcasts', async () => {
  for (const who of ['Pia', 'Pat', 'Pol'])
    await call('POST', '/1.1/installations', { deviceType: 'phone', deviceToken: who, channels: [who] });
  const id = await service();
  await as('POST', `${of(id)}/subscribers`, { client_id: 'Pia' });
  const told = (count: number) =>
    eventually(
      'pushes',
      () => push.pushes.length === count && push.pushes.splice(0).sort((a, b) => (a.user < b.user ? -1 : 1)),
    );
  const from_client = 'admin';
  await as('POST', `${of(id)}/broadcasts`, { from_client, message: 'm', push: { alert: 'news', badge: 3 } });
  const [first] = await told(1);
  assert.deepEqual([first.user, first.text, first.badge], ['Pia', 'news', 3]);
  const words = { alert: { title: 'T', body: 'B' }, sound: 's.caf', action: 'open', _profile: 'dev' };
  await as('POST', `${of(id)}/messages`, { from_client, message: 'm', to_clients: ['Pat'], push_data: words });
  const [second] = await told(1);
  assert.deepEqual([second.user, second.title, second.text, second.sound], ['Pat', 'T', 'B', 's.caf']);
  assert.equal(second.data.action, 'open');
  await as('POST', `${rtm}/broadcasts`, { from_client, conv_id: id, message: 'without words' });
  await as('POST', `${rtm}/broadcasts`, { from_client, conv_id: id, message: 'm', push: '{"alert":"to all"}' });
  assert.deepEqual(
    (await told(3)).map(({ user, text }: { user: string; text: string }) => `${user} ${text}`),
    ['Pat to all', 'Pia to all', 'Pol to all'],
  );
  const group = await make(['A', 'Pol']);
  const said = { from_client: 'A', message: 'm', push_data: '{"alert":"you have mail"}' };
  await call('POST', `${rtm}/conversations/${group}/messages`, said);
  assert.equal((await told(1))[0].text, 'you have mail');
});

it('[LC-308] what went to all subscribers is taken away from one of them', async () => {
  const id = await service();
  const wire = await LcWire.open(world, 'Sub');
  for (const who of ['Sub', 'Other']) await as('POST', `${of(id)}/subscribers`, { client_id: who });
  const say = async (message: string) => (await as('POST', `${of(id)}/broadcasts`, { from_client: 'a', message })).body;
  const [said] = [await say('one'), await say('two')];
  const path = `${of(id)}/subscribers/Sub/messages/${said['msg-id']}?timestamp=${said.timestamp}`;
  assert.equal((await as('DELETE', `${path}&from_client=b`)).body.code, 4403);
  assert.deepEqual((await as('DELETE', `${path}&from_client=a`)).body, {});
  const heard = async (who: string) => dataOf(await as('GET', `${of(id)}/subscribers/${who}/messages`));
  assert.deepEqual([await heard('Sub'), await heard('Other')], [['two'], ['two', 'one']]);
  const { logsMessage } = await wire.logs(id);
  assert.deepEqual(
    logsMessage?.logs?.map(({ data }) => data),
    ['two'],
  );
  assert.deepEqual((await call('GET', `${rtm}/clients/Sub/unread-count?conv_id=${id}`)).body, { count: 1 });
  const missing = `${of(id)}/subscribers/Nobody/messages/${said['msg-id']}?timestamp=${said.timestamp}&from_client=a`;
  assert.equal((await as('DELETE', missing)).body.code, 4404);
  await wire.close();
});

it('[LC-309] missed receipts are among the notifications; a token from before a client was sent away reads nothing', async () => {
  const [ann, bob] = [await LcWire.open(world, 'Ann'), await LcWire.open(world, 'Bob')];
  const opened = ann.all.find(({ op }) => op === 'opened');
  const token = opened?.sessionMessage?.st ?? '';
  const cid = await ann.start(['Ann', 'Bob']);
  const start = world.clock.now();
  const { ackMessage } = await ann.say(cid, 'hi', { r: true });
  await bob.next('the word', ({ directMessage }) => directMessage?.cid === cid);
  await ann.close();
  bob.send({ cmd: 'ack', ackMessage: { cid, mid: ackMessage?.uid } });
  bob.send({ cmd: 'read', readMessage: { convs: [{ cid, timestamp: ackMessage?.t ?? 0 }] } });
  const read = (query: string) =>
    call('GET', `/1.1/rtm/notifications?client_id=Ann&start_ts=${start - 1}${query}`, undefined, {
      headers: { 'X-LC-Id': world.app.id, 'X-LC-Key': world.app.clientKey, 'X-LC-IM-Session-Token': token },
    });
  type Item = { cmd: string; cid: string; read?: boolean; id: string };
  const receipts = (items: Item[]) =>
    items.filter(({ cmd }) => cmd === 'rcp').map(({ id, read: isRead }) => [id, isRead ?? false]);
  await eventually('both receipts', async () => {
    const { body } = await read('&notification_type=droppable');
    return receipts(body.notifications).length === 2;
  });
  const { body } = await read('');
  assert.deepEqual(receipts(body.droppable.notifications), [
    [ackMessage?.uid, false],
    [ackMessage?.uid, true],
  ]);
  assert.deepEqual(receipts(body.permanent.notifications), []);
  await as('POST', `${rtm}/clients/Ann/kick`, {});
  const refused = await read('');
  assert.deepEqual([refused.status, refused.body], [401, { code: 4112, error: 'SESSION_TOKEN_EXPIRED' }]);
  await bob.close();
});

it('[LC-322] what a client said is found by the client, without what a service said in its name', async () => {
  const id = await make(['Vic', 'B']);
  await call('POST', `${rtm}/conversations/${id}/messages`, { from_client: 'Vic', message: 'own' });
  const desk = await service();
  await as('POST', `${of(desk)}/messages`, { from_client: 'Vic', message: 'service', to_clients: ['B'] });
  assert.deepEqual(dataOf(await as('GET', `${rtm}/clients/Vic/messages`)), ['own']);
  assert.deepEqual(dataOf(await as('GET', '/1.1/rtm/messages/history?from=Vic')), ['service', 'own']);
});
