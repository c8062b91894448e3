// The bus's contract on NATS, and what only a bus of many nodes can promise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appTopic, conversationTopic, type Note, userTopic } from '../../src/core/ports/bus.ts';
import { eventually } from '../kit/eventually.ts';
import { freshPrefix, notRun, testNats } from '../kit/nats.ts';
import { openConnectedBus, openTestBus } from '../kit/nats-bus.ts';
import { openTcpProxy } from '../kit/tcp-proxy.ts';
import { busContract, listenTo, said } from './bus.suite.ts';

if (!testNats) test('bus on NATS', { skip: notRun }, () => {});
else cases(testNats);

function cases(nats: NonNullable<typeof testNats>): void {
  busContract('bus on NATS', async () => {
    const prefix = freshPrefix();
    const [publisher, listener] = await Promise.all([openConnectedBus(prefix), openConnectedBus(prefix)]);
    return {
      publisher: publisher.bus,
      listener: listener.bus,
      close: async () => void (await Promise.all([publisher.bus.close(), listener.bus.close()])),
    };
  });

  async function pair(prefix = freshPrefix()) {
    const [{ bus: a }, { bus: b }] = await Promise.all([openConnectedBus(prefix), openConnectedBus(prefix)]);
    return { a, b, [Symbol.asyncDispose]: async () => void (await Promise.all([a.close(), b.close()])) };
  }

  test('[CORE-341] a node hears what it wants and nothing else', async () => {
    await using two = await pair();
    const heard = listenTo(two.b);
    await two.b.want(appTopic(1));
    await two.b.want(conversationTopic(1, 5));
    two.a.publish(said('not wanted'), [conversationTopic(1, 6)]);
    two.b.unwant(conversationTopic(1, 5));
    await two.b.want(conversationTopic(1, 7));
    two.a.publish(said('no longer'), [conversationTopic(1, 5)]);
    const many = Array.from({ length: 20 }, (_, n) => userTopic(1, `u${n}`));
    two.a.publish(said('to many others'), many);
    two.a.publish(said('wanted'), [appTopic(1)]);
    await eventually('it is heard', () => heard.length > 0);
    assert.deepEqual(
      heard.map(({ words }) => words),
      ['wanted'],
    );
  });

  test('[CORE-342] installations with different prefixes do not hear each other', async () => {
    await using ours = await pair();
    await using theirs = await pair();
    const heard = listenTo(theirs.a);
    await theirs.a.want(appTopic(1));
    ours.a.publish(said('ours'), [appTopic(1)]);
    theirs.b.publish(said('theirs'), [appTopic(1)]);
    await eventually('it is heard', () => heard.length > 0);
    assert.equal(heard[0]?.words, 'theirs');
  });

  test('[CORE-343] a stored message above 64 KiB travels by its place and arrives whole and in order', async () => {
    const prefix = freshPrefix();
    const content = { type: 'text', text: 'y'.repeat(70_000) } as const;
    const message = { conversation: 9, ts: 5, sub: 0, no: 3, sender: 'ann', as: 'user', content, flags: 0 } as const;
    const event = {
      type: 'message',
      app: 1,
      message,
      place: { kind: 'group', id: 'g' },
      prev: 0,
      echo: 'all',
    } as const;
    const asked: number[] = [];
    const [{ bus: a }, { bus: b }] = await Promise.all([
      openConnectedBus(prefix),
      openConnectedBus(prefix, {
        async whole(cut) {
          assert.equal(cut.type === 'message' && cut.message.content.type === 'text' && cut.message.content.text, '');
          asked.push((await eventually('the row is read', () => cut.type === 'message' && cut.message.ts)) as number);
          return { ...event };
        },
      }),
    ]);
    const heard = listenTo(b);
    await b.want(conversationTopic(1, 9));
    a.publish(event, [conversationTopic(1, 9)]);
    a.publish(said('after'), [conversationTopic(1, 9)]);
    await eventually('both are heard', () => heard.length === 2);
    assert.deepEqual(asked, [5]);
    assert.deepEqual(heard[0]?.event, event);
    assert.equal(heard[1]?.words, 'after');
    await Promise.all([a.close(), b.close()]);
  });

  test('[CORE-343] a list of people that no frame holds is told in parts', async () => {
    await using two = await pair();
    const heard = listenTo(two.b);
    await two.b.want(conversationTopic(1, 2));
    const who = Array.from({ length: 10_000 }, (_, n) => `${n}-${'p'.repeat(122)}`);
    const conversation = { no: 2, id: 'r', kind: 'room' } as const;
    two.a.publish({ type: 'members-added', app: 1, conversation, who, ts: 2, prev: 1 }, [conversationTopic(1, 2)]);
    await eventually('all parts are heard', () => heard.length === 2);
    assert.deepEqual(
      heard.flatMap(({ event }) => (event.type === 'members-added' ? event.who : [])),
      who,
    );
  });

  test('[CORE-344] a bus that loses NATS comes back by itself, wants what it wanted, and says that it missed something', async () => {
    const prefix = freshPrefix();
    const proxy = await openTcpProxy(nats);
    const { bus: a } = await openConnectedBus(prefix);
    const { bus: b, dropped } = await openConnectedBus(prefix, { server: proxy.host });
    const heard = listenTo(b);
    let gaps = 0;
    b.onGap(() => gaps++);
    await b.want(userTopic(1, 'bob'));
    gaps = 0;
    proxy.refuse();
    await eventually('it is away', () => b.state() === 'away');
    a.publish(said('lost'), [userTopic(1, 'bob')]);
    b.publish(said('dropped'), [userTopic(1, 'ann')]);
    assert.equal(dropped.away, 1);
    // Does not wait for who is away.
    await b.want(userTopic(1, 'carl'));
    await eventually('its own hear it', () => heard.some(({ words }) => words === 'dropped'));
    proxy.pass();
    await eventually('it is back', () => b.state() === 'connected' && gaps === 1, 10_000);
    a.publish(said('to bob'), [userTopic(1, 'bob')]);
    a.publish(said('to carl'), [userTopic(1, 'carl')]);
    await eventually('both are heard', () => heard.length === 3);
    await Promise.all([a.close(), b.close(), proxy.close()]);
  });

  test('[CORE-344] who was sent away while NATS was away is sent away when it is back', async () => {
    const prefix = freshPrefix();
    const proxy = await openTcpProxy(nats);
    const { bus: a } = await openConnectedBus(prefix, { server: proxy.host });
    const { bus: b } = await openConnectedBus(prefix);
    const heard = listenTo(b);
    await b.want(userTopic(1, 'bob'));
    proxy.refuse();
    await eventually('it is away', () => a.state() === 'away');
    a.publish({ type: 'session-ended', app: 1, why: 'kicked' }, [userTopic(1, 'bob')]);
    proxy.pass();
    await eventually('it is heard', () => heard.some(({ words }) => words === 'session-ended'), 10_000);
    await Promise.all([a.close(), b.close(), proxy.close()]);
  });

  test('[CORE-344] a stalled NATS holds nobody up: beyond a bound announcements are dropped and counted', async () => {
    const proxy = await openTcpProxy(nats);
    const { bus, dropped } = await openConnectedBus(freshPrefix(), { server: proxy.host });
    proxy.stall();
    const words = 'z'.repeat(60_000);
    for (let n = 0; n < 1_000; n++) bus.publish(said(words), [userTopic(1, 'bob')]);
    assert.ok(dropped.slow > 800, `${dropped.slow} were dropped`);
    const begun = performance.now();
    await bus.want(userTopic(1, 'ann'));
    assert.ok(performance.now() - begun < 4_000);
    proxy.pass();
    await eventually(
      'it is sent again',
      () => {
        const before = dropped.slow + dropped.away;
        bus.publish(said('small'), [userTopic(1, 'bob')]);
        return dropped.slow + dropped.away === before;
      },
      30_000,
    );
    await Promise.all([bus.close(), proxy.close()]);
  });

  test('[CORE-345] a bus opens while NATS is away and connects when it comes', async () => {
    const prefix = freshPrefix();
    const proxy = await openTcpProxy(nats);
    proxy.refuse();
    const { bus } = openTestBus(prefix, { server: proxy.host });
    const heard = listenTo(bus);
    await bus.want(userTopic(1, 'bob'));
    assert.equal(bus.state(), 'opening');
    proxy.pass();
    await eventually('it is connected', () => bus.state() === 'connected', 10_000);
    const { bus: other } = await openConnectedBus(prefix);
    await eventually('bob hears', () => {
      other.publish(said('hi'), [userTopic(1, 'bob')]);
      return heard.length > 0;
    });
    await Promise.all([bus.close(), other.close(), proxy.close()]);
  });

  test('[CORE-345] a bus that never reached NATS closes at once', async () => {
    const proxy = await openTcpProxy(nats);
    proxy.refuse();
    const { bus } = openTestBus(freshPrefix(), { server: proxy.host });
    await bus.close();
    await proxy.close();
  });

  test('[CORE-346] notes reach every other node before what is published after them', async () => {
    await using two = await pair();
    const order: string[] = [];
    two.b.onNote((note: Note) => order.push(note.join(' ')));
    two.b.onEvent((event) => order.push(event.type));
    two.a.onNote(() => order.push('own'));
    await two.b.want(appTopic(1));
    two.a.tell(['person', 1, 'ann']);
    two.a.tell(['pair', 1, 'ann', 'bob']);
    two.a.publish(said('now'), [appTopic(1)]);
    two.a.tell(['words', 1]);
    await eventually('all are heard', () => order.length === 4);
    assert.deepEqual(order, ['person 1 ann', 'pair 1 ann bob', 'announcement', 'words 1']);
  });

  test('[CORE-346] notes that were lost are told as one that names everything', async () => {
    const prefix = freshPrefix();
    const proxy = await openTcpProxy(nats);
    const { bus: a } = await openConnectedBus(prefix, { server: proxy.host });
    const { bus: b } = await openConnectedBus(prefix);
    let gaps = 0;
    b.onGap(() => gaps++);
    proxy.refuse();
    await eventually('it is away', () => a.state() === 'away');
    a.tell(['person', 1, 'ann']);
    proxy.pass();
    await eventually('the other forgets everything', () => gaps === 1, 10_000);
    await Promise.all([a.close(), b.close(), proxy.close()]);
  });
}
