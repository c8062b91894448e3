// Who is told of whose coming and going.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { openStory } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

let ann: ChatClient;
before(async () => {
  ann = await story.join('ann');
});

/** What a client heard of somebody's coming and going, in order. */
const comings = (client: ChatClient, id: string): string[] =>
  client.events.filter((event) => event.argument === id).map((event) => event.name);

describe('presence', () => {
  test('[ML-122] [ML-125] a friend is announced when the first device comes and when the last one goes, by a bare id', async () => {
    await story.befriend('ann', 'bob');
    const first = await story.join('bob');
    assert.equal(await ann.next('online'), 'bob');
    const second = await story.join('bob');
    await first.close();
    await story.world.rest('GET', '/ctx/bob');
    await story.settled(second, ann);
    assert.deepEqual(comings(ann, 'bob'), ['online']);
    await second.close();
    assert.equal(await ann.next('offline'), 'bob');
    assert.deepEqual(comings(ann, 'bob'), ['online', 'offline']);
    const raw = ann.packets.filter((packet) => packet.includes('"online"') || packet.includes('"offline"'));
    assert.deepEqual(raw, ['42/chat,["online","bob"]', '42/chat,["offline","bob"]']);
  });

  test('a connection that breaks off counts as gone as well', async () => {
    await story.befriend('ann', 'fay');
    const fay = await story.join('fay');
    await ann.next('online', (id) => id === 'fay');
    fay.terminate();
    assert.equal(await ann.next('offline'), 'fay');
  });

  test('[ML-123] people who are no friends are told only of those who asked for it', async () => {
    const quiet = await story.join('cat');
    await story.settled(ann);
    assert.deepEqual(comings(ann, 'cat'), []);
    await quiet.close();
    await story.gone('cat');
    await story.settled(ann);
    assert.deepEqual(comings(ann, 'cat'), []);

    const guest = await story.joinPassenger({ id: 'guest' });
    await story.befriend('cat', 'dan');
    const dan = await story.join('dan');
    const loud = await story.join('cat', { notifyAll: true });
    assert.equal(await ann.next('online_x'), 'cat');
    assert.equal(await guest.next('online_x'), 'cat');
    assert.equal(await dan.next('online'), 'cat');
    await loud.close();
    assert.equal(await ann.next('offline_x'), 'cat');
    assert.equal(await guest.next('offline_x'), 'cat');
    assert.equal(await dan.next('offline'), 'cat');
    await story.settled(ann, dan);
    assert.deepEqual(comings(ann, 'cat'), ['online_x', 'offline_x']);
    assert.deepEqual(comings(dan, 'cat'), ['online', 'offline']);
    assert.deepEqual(comings(loud, 'cat'), []);
  });

  test('offline_x is told when any device of the finished time had asked for it', async () => {
    const loud = await story.join('gil', { notifyAll: true });
    await ann.next('online_x', (id) => id === 'gil');
    const plain = await story.join('gil');
    await loud.close();
    await plain.close();
    assert.equal(await ann.next('offline_x', (id) => id === 'gil'), 'gil');
    assert.deepEqual(comings(ann, 'gil'), ['online_x', 'offline_x']);
  });

  test('[ML-124] a passenger’s own coming and going is announced to nobody', async () => {
    const guest = await story.joinPassenger({ id: 'ghost-of-a-guest', notifyAll: true });
    await guest.close();
    await story.settled(ann);
    assert.deepEqual(comings(ann, 'ghost-of-a-guest'), []);
  });

  test('becoming friends, or ceasing to be, announces nothing; the next coming follows the new state', async () => {
    const hal = await story.join('hal');
    await story.befriend('ann', 'hal');
    await story.settled(ann, hal);
    assert.deepEqual([comings(ann, 'hal'), comings(hal, 'ann')], [[], []]);
    await story.world.rest('DELETE', '/ctx/ann/friends/hal');
    await hal.close();
    await story.gone('hal');
    await story.settled(ann);
    assert.deepEqual(comings(ann, 'hal'), []);
  });

  test('[ML-45] REST shows the same: online while a device is connected', async () => {
    const online = async () => {
      const { body } = await story.world.rest('GET', '/ctx/ann/friends?detail');
      return body.find((friend: { id: string }) => friend.id === 'ivy').online;
    };
    await story.befriend('ann', 'ivy');
    assert.equal(await online(), false);
    const ivy = await story.join('ivy');
    assert.equal(await online(), true);
    assert.equal((await story.world.rest('GET', '/ctx/ann/friends/ivy')).body.online, true);
    await ivy.close();
    await story.gone('ivy');
    assert.equal(await online(), false);
  });
});
