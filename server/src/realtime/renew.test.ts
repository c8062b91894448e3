// A node that had lost the bus, and the people connected to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { wide } from '../../test/contracts/store.suite.ts';
import { arrive, clock, openScene, said, store } from '../../test/kit/converging.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { conversationTopic } from '../core/ports/bus.ts';

test('[CORE-351] whoever was put out while this node had lost the bus is put out when it is back', async () => {
  const { app, bus, connect, stop } = await openScene();
  await store.users.ensure(app, ['dan', 'eve'], clock.ms);
  const [ann, bob, carl, dan] = [
    await connect('ann'),
    await connect('bob'),
    await connect('carl'),
    await connect('dan'),
  ];
  await store.users.mark(app, 'bob', { disabled: true });
  await store.users.sendAway(app, 'carl', clock.ms);
  await store.users.erase(app, 'dan', clock.ms);
  bus.gap();
  await eventually('they are gone', () => bob.ended.length + carl.ended.length + dan.ended.length === 3);
  assert.deepEqual([bob.ended, carl.ended, dan.ended], [['disabled'], ['kicked'], ['erased']]);
  clock.ms += 10;
  const again = await connect('carl');
  bus.gap();
  await pause(50);
  assert.deepEqual([ann.ended, again.ended], [[], []]);
  stop();
});

test('[CORE-351] after the bus was away everybody hears what he is in, and nothing that he is out of', async () => {
  const scene = await openScene();
  const { app, hub } = scene;
  const [left, come] = [await scene.group('ann', 'bob'), await scene.group('ann')];
  const bob = await scene.connect('bob', left.no);
  await store.conversations.changeMembers(app, left.no, { remove: ['bob'] }, wide, clock.ms);
  await store.conversations.changeMembers(app, come.no, { add: ['bob'] }, wide, clock.ms);
  scene.bus.gap();
  await eventually('he listens', () => bob.session.topics.has(conversationTopic(app, come.no)));
  assert.equal(hub.listeners(conversationTopic(app, left.no)).size, 0);
  arrive(scene, await said(app, left, 'ann', 'without him'));
  arrive(scene, await said(app, come, 'ann', 'with him'));
  await eventually('he hears it', () => bob.heard.length > 0);
  assert.deepEqual(bob.heard, ['with him']);
  scene.stop();
});
