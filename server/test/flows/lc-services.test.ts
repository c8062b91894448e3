// LeanCloud's socket: what a service says to all, to some, and to everybody, as one conversation.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { announce } from '../../src/core/announcements/announce.ts';
import type { Command } from '../../src/dialects/leancloud/socket/frames.ts';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire, textOf } from '../kit/leancloud-wire.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const services = '/1.2/rtm/service-conversations';
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function as(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await leancloud(world)(method, path, body, { master: true });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

async function news(...subscribers: string[]): Promise<string> {
  const { objectId } = await as('POST', services, { name: 'news' });
  for (const client of subscribers) await as('POST', `${services}/${objectId}/subscribers`, { client_id: client });
  return objectId;
}

const toAll = (id: string, said: string) =>
  as('POST', `${services}/${id}/broadcasts`, { from_client: 'desk', message: textOf(said) });
const toSome = (id: string, to: string[], said: string) =>
  as('POST', `${services}/${id}/messages`, { from_client: 'desk', to_clients: to, message: textOf(said) });
const toEverybody = (id: string, said: string, more: object = {}) =>
  as('POST', '/1.2/rtm/broadcasts', { from_client: 'desk', conv_id: id, message: textOf(said), ...more });
const directs = (told: readonly Command[]) =>
  told.flatMap(({ cmd, directMessage: said }) => (cmd === 'direct' && said ? [said] : []));
const logged = async (wire: LcWire, cid: string, more = {}) =>
  ((await wire.logs(cid, more)).logsMessage?.logs ?? []).map(({ data }) => data);

async function arrive(who: string, said = {}, subprotocol = 'lc.protobuf2.3') {
  const wire = await LcWire.open(world, who, said, { subprotocol });
  await wire.settled();
  return { wire, told: wire.pushes.splice(0) };
}

describe('LeanCloud services on the socket', () => {
  it('[LC-360] what a service says to all and to one is one conversation: heard, counted, read and found again', async () => {
    const id = await news('Sub', 'Other');
    const live = await LcWire.open(world, 'Sub');
    const first = await toAll(id, 'to all');
    await toSome(id, ['Sub', 'Guest'], 'to two');
    const heard = [await live.nextOp('direct'), await live.nextOp('direct')].map(({ directMessage }) => directMessage);
    assert.deepEqual(
      heard.map((said) => [said?.cid, said?.msg, said?.convType]),
      [
        [id, textOf('to all'), 3],
        [id, textOf('to two'), 3],
      ],
    );
    assert.equal(heard[0]?.id, first['msg-id']);
    await toEverybody(id, 'to everybody');
    await live.nextOp('direct');
    assert.deepEqual(await logged(live, id), ['to all', 'to two', 'to everybody'].map(textOf));
    assert.deepEqual(await logged(live, id, { l: 2 }), ['to two', 'to everybody'].map(textOf));
    const start = { t: first.timestamp, mid: first['msg-id'], direction: 'NEW' };
    assert.deepEqual(await logged(live, id, { ...start, l: 1 }), [textOf('to two')]);
    const [away, guest, stranger] = [await arrive('Sub'), await arrive('Guest'), await arrive('Stranger')];
    const tupleOf = ({ told }: typeof away) => told.find(({ cmd }) => cmd === 'unread')?.unreadMessage?.convs?.[0];
    assert.deepEqual([tupleOf(away)?.cid, tupleOf(away)?.unread, tupleOf(away)?.data], [id, 2, textOf('to two')]);
    assert.deepEqual([tupleOf(guest)?.cid, tupleOf(guest)?.unread, tupleOf(stranger)], [id, 1, undefined]);
    assert.deepEqual(await logged(guest.wire, id), ['to two', 'to everybody'].map(textOf));
    assert.deepEqual(await logged(stranger.wire, id), [textOf('to everybody')]);
    for (const { wire } of [away, guest]) {
      wire.send({ cmd: 'read', readMessage: { convs: [{ cid: id, timestamp: world.clock.now() }] } });
      const [tuple] = (await wire.nextOp('unread')).unreadMessage?.convs ?? [];
      assert.deepEqual([tuple?.cid, tuple?.unread], [id, 0]);
    }
    for (const wire of [live, away.wire, guest.wire, stranger.wire]) await wire.close();
    assert.deepEqual(
      (await arrive('Guest')).told.filter(({ cmd }) => cmd === 'unread'),
      [],
    );
  });

  it('[LC-361] [LC-65] a word to everybody waits for who is away, until it has arrived, ends or is taken back', async () => {
    const id = await news();
    await (await arrive('Old')).wire.close();
    world.clock.advance(10);
    const said = async (text: string, more = {}) => {
      world.clock.advance(10);
      return toEverybody(id, text, more);
    };
    await said('short', { valid_till: world.clock.now() + 5_000 });
    const second = await said('second');
    const third = await said('third');
    const texts = ({ told }: { told: readonly Command[] }) =>
      directs(told.filter((one) => one.directMessage?.cid === id));
    const old = await arrive('Old');
    const [, , last] = texts(old);
    assert.deepEqual(
      texts(old).map(({ msg }) => msg),
      ['short', 'second', 'third'].map(textOf),
    );
    assert.deepEqual([last?.id, last?.timestamp, last?.fromPeerId], [third['msg-id'], third.timestamp, 'desk']);
    const fresh = await arrive('Fresh');
    assert.deepEqual(
      texts(fresh).map(({ msg }) => msg),
      [textOf('third')],
      'who is new hears the newest',
    );
    for (const { wire } of [old, fresh]) await wire.close();
    world.clock.advance(6_000);
    await as('DELETE', `/1.2/rtm/broadcasts/${second['msg-id']}`);
    const again = await arrive('Old');
    assert.deepEqual(
      texts(again).map(({ msg }) => msg),
      [textOf('third')],
    );
    again.wire.send({ cmd: 'ack', ackMessage: { cid: id, fromts: third.timestamp, tots: third.timestamp } });
    await again.wire.settled();
    await again.wire.close();
    const after = await arrive('Old');
    assert.deepEqual(texts(after), []);
    assert.deepEqual(await logged(after.wire, id), [textOf('short'), textOf('third')], 'what is over stays in history');
    await after.wire.close();
  });

  it('[LC-64] the count over REST is the count of the socket', async () => {
    const id = await news('Counted');
    const a = await LcWire.open(world, 'A');
    const cid = await a.start(['A', 'Counted']);
    await a.say(cid, 'one');
    await a.say(cid, 'two');
    await toAll(id, 'three');
    await toSome(id, ['Counted'], 'four');
    const { wire, told } = await arrive('Counted');
    const tuples = told.find(({ cmd }) => cmd === 'unread')?.unreadMessage?.convs ?? [];
    assert.deepEqual(tuples.map(({ unread }) => unread).sort(), [2, 2]);
    const path = '/1.2/rtm/clients/Counted/unread-count';
    assert.deepEqual(await as('GET', path), { count: 4 });
    for (const one of [cid, id]) assert.deepEqual(await as('GET', `${path}?conv_id=${one}`), { count: 2 });
    for (const one of [a, wire]) await one.close();
  });

  it('[LC-59] [LC-60] who has not subscribed hears what is said to him alone', async () => {
    const id = await news('In');
    const [inside, outside] = [(await arrive('In')).wire, (await arrive('Out')).wire];
    await toAll(id, 'all');
    await toSome(id, ['Out'], 'you');
    assert.equal((await inside.nextOp('direct')).directMessage?.msg, textOf('all'));
    assert.equal((await outside.nextOp('direct')).directMessage?.msg, textOf('you'));
    for (const wire of [inside, outside]) {
      await wire.settled();
      assert.deepEqual(directs(wire.pushes), []);
      await wire.close();
    }
  });

  it('[LC-362] what the application announces comes from a service that can be asked about, and is kept nowhere', async () => {
    const { core, app } = world;
    const [all, one] = [(await arrive('All')).wire, (await arrive('One')).wire];
    await announce(core, app, { kind: 'all' }, { type: 'text', text: 'tonight' });
    await announce(core, app, { kind: 'user', id: 'One' }, { type: 'text', text: 'just you' });
    const heard = (await all.nextOp('direct')).directMessage;
    assert.deepEqual([heard?.msg, heard?.transient, heard?.convType], [textOf('tonight'), true, 3]);
    assert.deepEqual(
      [await one.nextOp('direct'), await one.nextOp('direct')].map(({ directMessage: said }) => [said?.cid, said?.msg]),
      [
        [heard?.cid, textOf('tonight')],
        [heard?.cid, textOf('just you')],
      ],
    );
    const where = { data: JSON.stringify({ objectId: heard?.cid }) };
    const found = await all.ask({ cmd: 'conv', op: 'query', convMessage: { where } });
    const [row] = JSON.parse(found.convMessage?.results?.data ?? '[]');
    assert.deepEqual([row.objectId, row.sys], [heard?.cid, true]);
    assert.deepEqual(await logged(all, heard?.cid ?? ''), []);
    for (const wire of [all, one]) await wire.close();
  });
});
