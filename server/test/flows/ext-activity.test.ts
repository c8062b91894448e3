// Extensions: typing, read marks, and what changes around a client.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient, FromWire } from '../kit/chat-client.ts';
import { ext, openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

let ann: ChatClient;
let tablet: ChatClient;
let bob: ChatClient;
before(async () => {
  ann = await story.join('ann', ext);
  tablet = await story.join('ann', ext);
  bob = await story.join('bob', ext);
  await story.join('cat');
  await story.befriend('ann', 'bob');
});

const refusal = (answer: FromWire, error: number): void =>
  assert.deepEqual([answer.success, answer.error, typeof answer.errorMessage], [false, error, 'string']);

describe('typing', () => {
  test('[ML-310] is heard by the others of a talk of friends, strangers, a group, a room and a passenger, and not by oneself', async () => {
    const cat = await story.join('cat', ext);
    const guest = await story.joinPassenger({ id: 'g1' }, ext);
    const group = await story.group('ann', 'bob');
    const room = await story.room('ann', 'bob');
    const places: [ChatClient, FromWire, object][] = [
      [bob, { id: 'bob', type: 0 }, { id: 'ann', type: 0 }],
      [cat, { id: 'cat', type: 4 }, { id: 'ann', type: 4 }],
      [bob, { id: group, type: 1 }, { id: 'ann', type: 1, gid: group }],
      [bob, { id: room, type: 2 }, { id: 'ann', type: 2, gid: room }],
      [guest, { id: 'g1', type: 3 }, { id: 'ann', type: 0 }],
    ];
    for (const [client, to, from] of places) {
      assert.deepEqual(await ann.ask('typing', { to }), { success: true });
      assert.deepEqual(await client.next('typing'), { from, to });
    }
    await guest.ask('typing', { to: { id: 'ann' } });
    assert.deepEqual(await ann.next('typing'), { from: { id: 'g1', type: 3 }, to: { id: 'ann', type: 0 } });
    await story.settled(ann, tablet);
    assert.equal(tablet.heard('typing').length, 1);
    assert.deepEqual(await story.history('/ctx/ann/strangers/cat/chats'), []);
    const { body } = await story.world.rest('GET', '/ctx/ann/strangers');
    assert.deepEqual(body, [], 'nobody has met by typing');
  });

  test('[ML-311] is passed on once a second for each conversation, and refused where speaking would be', async () => {
    const { clock } = story.world;
    const to = { id: 'bob', type: 0 };
    clock.advance(1_000);
    const before = bob.heard('typing').length;
    for (let n = 0; n < 5; n += 1) assert.deepEqual(await ann.ask('typing', { to }), { success: true });
    await story.settled(bob);
    assert.equal(bob.heard('typing').length, before + 1);
    clock.advance(1_000);
    await ann.ask('typing', { to });
    await story.settled(bob);
    assert.equal(bob.heard('typing').length, before + 2);
    refusal(await ann.ask('typing', { to: { id: 'cat', type: 0 } }), 5003);
    refusal(await ann.ask('typing', { to: { id: 'ghost', type: 4 } }), 5004);
    refusal(await ann.ask('typing', { to: { id: 'ann', type: 4 } }), 5001);
    refusal(await ann.ask('typing', {}), 5001);
    const group = await story.group('bob');
    refusal(await ann.ask('typing', { to: { id: group, type: 1 } }), 5003);
  });
});

describe('read marks', () => {
  test('[ML-320] reading is told to the other of a direct talk, to a group, and to one’s other sessions; a mark never moves back', async () => {
    const group = await story.group('ann', 'bob');
    for (const to of [
      { id: 'ann', type: 0 },
      { id: group, type: 1 },
    ]) {
      const back = to.type === 0 ? { id: 'bob', type: 0 } : to;
      const desk = await story.join('bob', ext);
      const first = await ann.sayAndWait(text(back.type, back.id, 'one'));
      const { ts } = await ann.sayAndWait(text(back.type, back.id, 'two'));
      assert.deepEqual(await bob.ask('read', { to, ts }), { success: true, ts });
      const gid = to.type === 1 ? { gid: group } : {};
      const told = { from: { id: 'bob', type: to.type, ...gid }, to, ts };
      for (const client of [ann, tablet, desk]) assert.deepEqual(await client.next('read'), told);
      assert.deepEqual(await bob.ask('read', { to, ts: first.ts }), { success: true, ts });
      assert.deepEqual(await bob.ask('read', { to, ts }), { success: true, ts });
      assert.deepEqual(await bob.ask('read', { to, ts: ts + 1_000_000 }), { success: true, ts });
      await story.settled(ann, desk, bob);
      assert.deepEqual(
        [ann, desk, bob].map((client) => client.heard('read').filter((one) => one.ts === ts).length),
        [1, 1, 0],
      );
      await desk.close();
    }
  });

  test('[ML-320] a passenger and a user hear how far the other has read', async () => {
    const guest = await story.joinPassenger({ id: 'g2' }, ext);
    const { ts } = await guest.sayAndWait(text(undefined, 'ann', 'anybody there?'));
    assert.deepEqual(await ann.ask('read', { to: { id: 'g2', type: 3 }, ts }), { success: true, ts });
    assert.deepEqual(await guest.next('read'), { from: { id: 'ann', type: 0 }, to: { id: 'g2', type: 3 }, ts });
    assert.deepEqual(await guest.ask('read', { to: { id: 'ann' }, ts }), { success: true, ts });
    assert.deepEqual((await ann.next('read', ({ from }) => from.id === 'g2')).from, { id: 'g2', type: 3 });
  });

  test('[ML-321] where nothing was said the mark is 0; rooms have none; one has to belong', async () => {
    assert.deepEqual(await ann.ask('read', { to: { id: 'cat', type: 4 }, ts: 5 }), { success: true, ts: 0 });
    const room = await story.room('ann');
    refusal(await ann.ask('read', { to: { id: room, type: 2 }, ts: 5 }), 5009);
    const group = await story.group('bob');
    refusal(await ann.ask('read', { to: { id: group, type: 1 }, ts: 5 }), 5003);
    refusal(await ann.ask('read', { to: { id: 'ghost', type: 0 }, ts: 5 }), 5004);
    for (const bad of [
      undefined,
      {},
      { to: { id: 'bob' } },
      { to: { id: 'bob' }, ts: -1 },
      { to: { id: 'bob' }, ts: 'x' },
    ])
      refusal(await ann.ask('read', bad), 5001);
  });
});

describe('what changes around a client', () => {
  test('[ML-350] members hear who comes and who goes, and that a group or room is gone', async () => {
    const fay = await story.join('fay', ext);
    const made = await story.group('ann', 'bob');
    const born = await bob.next('members', ({ group }) => group === made);
    assert.deepEqual(born, { group: made, added: ['ann', 'bob'], ts: 0, prev: 0 });
    await story.world.rest('POST', `/groups/${made}/members`, { members: ['fay'] });
    const joined = await fay.next('members');
    assert.deepEqual(joined, { group: made, added: ['fay'], ts: joined.ts, prev: 0 });
    assert.deepEqual(await bob.next('members', ({ group }) => group === made), joined);
    await story.world.rest('DELETE', `/groups/${made}/members`, { members: ['fay'] });
    const left = await fay.next('members');
    assert.deepEqual(left, { group: made, removed: ['fay'], ts: left.ts, prev: joined.ts });
    await story.world.rest('DELETE', `/groups/${made}`);
    assert.deepEqual(await bob.next('members', ({ deleted }) => deleted), { group: made, deleted: true });
    const room = await story.room('bob');
    await story.world.rest('POST', `/rooms/${room}/members/fay`);
    assert.deepEqual((await fay.next('members')).added, ['fay']);
    await story.world.rest('DELETE', `/rooms/${room}`);
    assert.deepEqual(await fay.next('members'), { room, deleted: true });
    await story.settled(fay);
    assert.equal(fay.heard('members').length, 4);
  });

  test('[ML-351] both of two hear that they have become friends, and that they are friends no longer', async () => {
    const cat = await story.join('cat', ext);
    await story.befriend('ann', 'cat');
    assert.deepEqual(await ann.next('friends', ({ id }) => id === 'cat'), { id: 'cat', added: true });
    assert.deepEqual(await cat.next('friends'), { id: 'ann', added: true });
    await story.befriend('cat', 'ann');
    await story.world.rest('DELETE', '/ctx/cat/friends/ann');
    assert.deepEqual(await ann.next('friends', ({ id }) => id === 'cat'), { id: 'cat', added: false });
    assert.deepEqual(await cat.next('friends'), { id: 'ann', added: false });
    await story.settled(cat);
    assert.equal(cat.heard('friends').length, 2, 'what was so already is not told');
  });
});
