// A node that hears of other nodes' messages late, in another order, or not at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { text, wide } from '../../test/contracts/store.suite.ts';
import { arrive, clock, openScene, said, store, type Told } from '../../test/kit/converging.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { announceMembers } from '../core/conversations/announce.ts';
import type { MessageChangedEvent, MessageEvent } from '../core/events.ts';
import type { Message } from '../core/messages/message.ts';
import { conversationTopic, userTopic } from '../core/ports/bus.ts';

test('[CORE-348] what two nodes announce in the wrong order is heard in the right one, without asking the store', async () => {
  const scene = await openScene();
  const group = await scene.group('ann', 'bob');
  const ann = await scene.connect('ann', group.no);
  arrive(scene, await said(scene.app, group, 'bob', '1'));
  const told = [];
  for (const words of ['2', '3', '4', '5']) told.push(await said(scene.app, group, 'bob', words));
  for (const n of [3, 1, 2]) arrive(scene, told[n] as Told);
  assert.deepEqual(ann.heard, ['1']);
  arrive(scene, told[0] as Told);
  assert.deepEqual(ann.heard, ['1', '2', '3', '4', '5']);
  assert.equal(scene.counts.caughtUp, 0);
  scene.stop();
});

test('[CORE-347] [CORE-348] a lost message is read before the next one is told; its late copy is not told again', async () => {
  const scene = await openScene();
  const group = await scene.group('ann', 'bob');
  const ann = await scene.connect('ann', group.no);
  arrive(scene, await said(scene.app, group, 'bob', '1'));
  const lost = [await said(scene.app, group, 'bob', '2'), await said(scene.app, group, 'bob', '3')];
  arrive(scene, await said(scene.app, group, 'bob', '4'));
  await eventually('all are heard', () => ann.heard.length === 4);
  assert.deepEqual(ann.heard, ['1', '2', '3', '4']);
  assert.equal(scene.counts.caughtUp, 2);
  for (const one of lost) arrive(scene, one);
  arrive(scene, await said(scene.app, group, 'bob', '5'));
  await eventually('the next is heard', () => ann.heard.includes('5'));
  assert.deepEqual(ann.heard, ['1', '2', '3', '4', '5']);
  scene.stop();
});

test('[CORE-347] the first message after somebody came may be the lost one', async () => {
  const scene = await openScene();
  const group = await scene.group('ann', 'bob');
  await said(scene.app, group, 'bob', 'before');
  clock.ms += 1_000;
  const ann = await scene.connect('ann', group.no);
  await said(scene.app, group, 'bob', 'lost');
  arrive(scene, await said(scene.app, group, 'bob', 'heard'));
  await eventually('both are heard', () => ann.heard.length === 2);
  assert.deepEqual(ann.heard, ['lost', 'heard']);
  scene.stop();
});

test('[CORE-347] the last word of a conversation is found though nothing follows it, and told once', async () => {
  const scene = await openScene();
  const group = await scene.group('ann', 'bob');
  const ann = await scene.connect('ann', group.no);
  arrive(scene, await said(scene.app, group, 'bob', '1'));
  await said(scene.app, group, 'bob', '2');
  scene.bus.gap();
  await pause(50);
  assert.deepEqual(ann.heard, ['1'], 'what is a second old may still be on its way');
  clock.ms += 2_000;
  scene.bus.gap();
  await eventually('it is heard', () => ann.heard.length === 2);
  scene.bus.gap();
  await pause(50);
  assert.deepEqual(ann.heard, ['1', '2']);
  scene.stop();
});

test('[CORE-347] direct talk is found by either of the two, in their own words; whoever is not here is no hindrance', async () => {
  const scene = await openScene();
  const { no, id } = await store.conversations.claimPair(scene.app, 'ann', 'bob', clock.ms);
  const ann = await scene.connect('ann');
  const carl = await scene.connect('carl');
  await said(scene.app, { no, id, to: 'ann' }, 'bob', 'to ann');
  await said(scene.app, { no, id, to: 'bob' }, 'ann', 'from another device of ann');
  clock.ms += 2_000;
  scene.bus.gap();
  await eventually('both are heard', () => ann.heard.length === 2);
  assert.deepEqual(ann.heard, ['to ann', 'from another device of ann']);
  assert.deepEqual(carl.heard, []);
  scene.stop();
});

test('[CORE-347] edits and recalls are found as messages are', async () => {
  const scene = await openScene();
  const group = await scene.group('ann', 'bob');
  const { app } = scene;
  const first = await said(app, group, 'bob', 'one');
  const second = await said(app, group, 'bob', 'two');
  clock.ms += 1_000;
  const ann = await scene.connect('ann', group.no);
  await store.messages.edit(app, group.no, first.ts, { by: 'bob', content: { type: 'text', text: 'ONE' } });
  const { message, prev } = await store.messages.recall(app, group.no, second.ts, { by: 'bob', again: 'ok' });
  const event: MessageChangedEvent = {
    type: 'message-recalled',
    app,
    message,
    prev,
    place: { kind: 'group', id: group.id },
  };
  scene.bus.arrive(event, [conversationTopic(app, group.no)]);
  await eventually('both are heard', () => ann.heard.length === 2);
  assert.deepEqual(ann.heard, ['message-edited ONE', 'message-recalled recalled']);
  await store.messages.edit(app, group.no, first.ts, { by: 'bob', content: { type: 'text', text: 'Uno' } });
  clock.ms += 2_000;
  scene.bus.gap();
  await eventually('the last is heard', () => ann.heard.length === 3);
  assert.equal(ann.heard[2], 'message-edited Uno');
  scene.stop();
});

test('[CORE-347] who was let in while the bus was away hears the group from then on', async () => {
  const scene = await openScene();
  const { app, bus } = scene;
  const { no, id } = await scene.group('ann', 'bob');
  const carl = await scene.connect('carl');
  const change = { add: ['carl'] };
  const { ts, prev } = await store.conversations.changeMembers(app, no, change, wide, clock.ms);
  const found = { no: app, settings: { noticeDays: 30 } } as Parameters<typeof announceMembers>[1];
  const silent = { ...bus, publish() {} };
  const facts = { forgetConversation() {} } as unknown as Parameters<typeof announceMembers>[0]['facts'];
  const told = { type: 'members-added', conversation: { no, id, kind: 'group' }, who: ['carl'], ts, prev } as const;
  await announceMembers({ store, bus: silent, facts }, found, told);
  clock.ms += 2_000;
  bus.gap();
  await eventually('he hears of it', () => carl.heard.length === 1);
  arrive(scene, await said(app, { no, id }, 'bob', 'welcome'));
  await eventually('he hears the group', () => carl.heard.length === 2);
  bus.arrive({ ...told, app }, [conversationTopic(app, no), userTopic(app, 'carl')]);
  assert.deepEqual(carl.heard, ['members-added', 'welcome']);
  scene.stop();
});

test('[CORE-349] a session is told nothing that was said before it came', async () => {
  const scene = await openScene();
  const group = await scene.group('ann', 'bob', 'carl');
  const ann = await scene.connect('ann', group.no);
  arrive(scene, await said(scene.app, group, 'bob', '1'));
  await said(scene.app, group, 'bob', 'lost');
  clock.ms += 500;
  const carl = await scene.connect('carl', group.no);
  arrive(scene, await said(scene.app, group, 'bob', '2'));
  await eventually('it is heard', () => carl.heard.length === 1 && ann.heard.length === 3);
  assert.deepEqual(ann.heard, ['1', 'lost', '2']);
  assert.deepEqual(carl.heard, ['2']);
  scene.stop();
});

test('[CORE-349] unstored talk that is repeated at another node is told once', async () => {
  const scene = await openScene();
  const ann = await scene.connect('ann', 7);
  const at = (ts: number, ref: string): MessageEvent => ({
    type: 'message',
    app: scene.app,
    message: { ...(text(scene.app, 7, 'bob', ref) as unknown as Message), ts, sub: 0, no: 0 },
    place: { kind: 'room', id: 'r' },
    prev: 0,
    ref,
    echo: 'others',
  });
  for (const event of [at(1, 'a'), at(5, 'a'), at(6, 'b')]) scene.bus.arrive(event, [conversationTopic(scene.app, 7)]);
  assert.deepEqual(ann.heard, ['a', 'b']);
  scene.stop();
});

test('[CORE-347] what is said to somebody the moment he was let in is heard though the bus did not know yet', async () => {
  const scene = await openScene();
  const { app, bus } = scene;
  const { no, id } = await scene.group('ann', 'bob');
  await said(app, { no, id }, 'bob', 'before carl');
  clock.ms += 1_000;
  const carl = await scene.connect('carl');
  const { ts, prev } = await store.conversations.changeMembers(app, no, { add: ['carl'] }, wide, clock.ms);
  await said(app, { no, id }, 'bob', 'welcome');
  clock.ms += 50;
  const told = {
    type: 'members-added',
    app,
    conversation: { no, id, kind: 'group' },
    who: ['carl'],
    ts,
    prev,
  } as const;
  bus.arrive(told, [conversationTopic(app, no), userTopic(app, 'carl')]);
  await eventually('he hears it', () => carl.heard.length === 2);
  assert.deepEqual(carl.heard, ['members-added', 'welcome']);
  scene.stop();
});
