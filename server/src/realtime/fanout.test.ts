import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLocalBus } from '../bus/local.ts';
import type { CoreEvent, MessageEvent } from '../core/events.ts';
import { limits } from '../core/limits.ts';
import { conversationTopic, type Topic, userTopic } from '../core/ports/bus.ts';
import { startFanout } from './fanout.ts';
import { Hub } from './hub.ts';
import { type Door, Session } from './session.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A door whose packets are texts, and which counts how often it was asked and how often it built one. */
function openTextDoor() {
  const counts = { prepared: 0, built: 0 };
  const door: Door<string> = {
    name: 'maxleap',
    prepare(event) {
      counts.prepared += 1;
      if (event.type !== 'message') return undefined;
      let packet: string | undefined;
      return (listener) => {
        if (listener.id === event.origin?.session) return undefined;
        if (packet === undefined) {
          counts.built += 1;
          packet = `message ${event.message.ts}`;
        }
        return packet;
      };
    },
  };
  return { door, counts };
}

async function openScene() {
  const bus = openLocalBus();
  const hub = new Hub(bus);
  const delivered: number[] = [];
  startFanout(bus, hub, { delivered: (_door, count) => delivered.push(count) });
  const { door, counts } = openTextDoor();
  const connect = async (who: string, open = true) => {
    const heard: string[] = [];
    const ended: string[] = [];
    const session = new Session<string>({
      app: 1,
      who,
      door,
      to: { send: (packet) => heard.push(packet) },
      end: (why) => ended.push(why),
    });
    await hub.add(session);
    if (open) session.open();
    return { session, heard, ended };
  };
  return { bus, hub, counts, delivered, connect };
}

function said(ts: number, origin?: string): MessageEvent {
  const message = {
    conversation: 5,
    ts,
    sub: 0,
    no: ts,
    sender: 'ann',
    as: 'user',
    content: { type: 'text', text: 'hi' },
    flags: 0,
  } as const;
  return {
    type: 'message',
    app: 1,
    message,
    place: { kind: 'group', id: 'g' },
    prev: 0,
    echo: 'others',
    origin: origin ? { session: origin } : undefined,
  };
}

const group: Topic = conversationTopic(1, 5);
const conversation = { no: 5, id: 'g', kind: 'group' } as const;

test('an event is prepared once per door and built once, however many listen', async () => {
  const { bus, hub, counts, delivered, connect } = await openScene();
  const listeners = await Promise.all(['ann', 'bob', 'bob', 'cat'].map((who) => connect(who)));
  for (const { session } of listeners) await hub.listen(session, group);
  bus.publish(said(1, listeners[0]?.session.id), [group]);
  await tick();
  assert.deepEqual(counts, { prepared: 1, built: 1 });
  assert.deepEqual(delivered, [3]);
  assert.deepEqual(
    listeners.map(({ heard }) => heard.length),
    [0, 1, 1, 1],
  );
});

test('nothing is delivered in the tick of the one who publishes', async () => {
  const { bus, connect } = await openScene();
  const bob = await connect('bob');
  bus.publish(said(1), [userTopic(1, 'bob')]);
  await Promise.resolve();
  assert.deepEqual(bob.heard, []);
  await tick();
  assert.deepEqual(bob.heard, ['message 1']);
});

test('a session on two topics of one event hears it once', async () => {
  const { bus, hub, connect } = await openScene();
  const bob = await connect('bob');
  await hub.listen(bob.session, group);
  bus.publish(said(1), [group, userTopic(1, 'bob')]);
  await tick();
  assert.deepEqual(bob.heard, ['message 1']);
});

test('other apps and other principals hear nothing', async () => {
  const { bus, connect } = await openScene();
  const bob = await connect('bob');
  bus.publish(said(1), [userTopic(2, 'bob'), userTopic(1, 'bobby')]);
  await tick();
  assert.deepEqual(bob.heard, []);
});

test('a new member listens from the moment of joining, a former one no longer', async () => {
  const { bus, connect } = await openScene();
  const bob = await connect('bob');
  const members = (type: 'members-added' | 'members-removed'): CoreEvent => ({
    type,
    app: 1,
    conversation,
    who: ['bob'],
    ts: 1,
    prev: 0,
  });
  bus.publish(members('members-added'), [group, userTopic(1, 'bob')]);
  bus.publish(said(2), [group]);
  bus.publish(members('members-removed'), [group, userTopic(1, 'bob')]);
  bus.publish(said(3), [group]);
  await tick();
  assert.deepEqual(bob.heard, ['message 2']);
});

test('events that come while a session opens follow its greeting', async () => {
  const { bus, connect } = await openScene();
  const bob = await connect('bob', false);
  bus.publish(said(1), [userTopic(1, 'bob')]);
  await tick();
  assert.equal(bob.heard.length, 0);
  bob.heard.push('greeting');
  bob.session.open();
  assert.deepEqual(bob.heard, ['greeting', 'message 1']);
});

test('a session that never opens is ended when too much is held for it', async () => {
  const { connect } = await openScene();
  const bob = await connect('bob', false);
  for (let i = 0; i <= limits.heldEventsMax; i++) bob.session.send('x');
  assert.deepEqual(bob.ended, ['slow']);
});

test('the oldest session above the bound is ended, with its reason', async () => {
  const { connect } = await openScene();
  const all = [];
  for (let i = 0; i <= limits.sessionsPerPrincipalMax; i++) all.push(await connect('bob'));
  assert.deepEqual(
    all.flatMap(({ ended }, i) => ended.map((why) => [i, why])),
    [[0, 'too-many']],
  );
});

test('a removed session listens to nothing and cannot start to', async () => {
  const { bus, hub, connect } = await openScene();
  const bob = await connect('bob');
  hub.remove(bob.session);
  await hub.listen(bob.session, group);
  bus.publish(said(1), [group, userTopic(1, 'bob')]);
  await tick();
  assert.deepEqual(bob.heard, []);
  assert.equal(hub.sessionCount, 0);
  assert.equal(hub.listeners(group).size, 0);
});
