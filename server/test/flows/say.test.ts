// What one says, the others hear: places, permissions, and what becomes of every part of a `say`.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

let ann: ChatClient;
let bob: ChatClient;
let cat: ChatClient;
before(async () => {
  ann = await story.join('ann');
  bob = await story.join('bob');
  cat = await story.join('cat');
  await story.befriend('ann', 'bob');
});

const refusal = (answer: { success: boolean; error: number; errorMessage: string }, error: number): void => {
  assert.equal(answer.success, false);
  assert.equal(answer.error, error);
  assert.equal(typeof answer.errorMessage, 'string');
};

describe('say to a friend', () => {
  test('[ML-102] the JSON text form arrives with from, to, content and the stored time', async () => {
    const before = Date.now();
    ann.say(JSON.stringify({ ...text(0, 'bob', 'as text'), ts: 1 }));
    const { ts, ...message } = await bob.next('message');
    assert.deepEqual(message, {
      from: { id: 'ann', type: 0 },
      to: { id: 'bob', type: 0 },
      content: { media: 0, body: 'as text' },
    });
    assert.ok(ts >= before && ts <= Date.now());
    const { body } = await story.world.rest('GET', '/ctx/ann/friends/bob/chats');
    assert.deepEqual(body, [{ speaker: 'ann', content: { media: 0, body: 'as text' }, ts }]);
  });

  test('[ML-103] the object form does the same', async () => {
    ann.say(text(0, 'bob', 'as object'));
    const { ts, ...message } = await bob.next('message');
    assert.deepEqual(message.from, { id: 'ann', type: 0 });
    assert.deepEqual(message.content, { media: 0, body: 'as object' });
    assert.equal((await story.history('/ctx/bob/friends/ann/chats')).at(-1), 'ann: as object');
    assert.equal((await story.world.rest('GET', '/ctx/bob/friends/ann/chats?limit=1')).body[0].ts, ts);
  });

  test('[ML-104] no to.type means a friend', async () => {
    ann.say(text(undefined, 'bob', 'typeless'));
    const message = await bob.next('message');
    assert.deepEqual([message.from.type, message.to], [0, { id: 'bob', type: 0 }]);
  });

  test('[ML-105] to somebody who is no friend: nothing arrives, nothing is stored, no ack, the connection lives', async () => {
    refusal(await ann.sayAndWait(text(0, 'cat', 'unwanted', { ack: 1 })), 5003);
    refusal(await ann.sayAndWait(text(0, 'ghost', 'unwanted', { ack: 2 })), 5004);
    await story.settled(ann, cat);
    assert.deepEqual([cat.heard('message'), ann.heard('ack')], [[], []]);
    assert.deepEqual(await story.history('/ctx/ann/friends/cat/chats'), []);
    assert.deepEqual((await story.world.rest('GET', '/ctx/ann/strangers')).body, []);
    assert.equal((await ann.sayAndWait(text(0, 'bob', 'still here'))).success, true);
    await bob.next('message', (message) => message.content.body === 'still here');
  });
});

describe('say to many', () => {
  test('[ML-106] a group: every other person gets it, with the group named; the sender gets no message', async () => {
    const group = await story.group('ann', 'bob', 'cat');
    const { ts } = await bob.sayAndWait(text(1, group, 'to all of us'));
    for (const client of [ann, cat]) {
      const message = await client.next('message', (one) => one.content.body === 'to all of us');
      assert.deepEqual(message.from, { id: 'bob', type: 1, gid: group });
      assert.deepEqual(message.to, { id: group, type: 1 });
      assert.equal(message.ts, ts);
    }
    await story.settled(bob);
    assert.ok(!bob.heard('message').some((one) => one.content.body === 'to all of us'));
    assert.deepEqual(await story.history(`/groups/${group}/chats`), ['bob: to all of us']);
  });

  test('[ML-107] an outsider is heard neither in a group nor in a room', async () => {
    const group = await story.group('ann', 'bob');
    const room = await story.room('ann', 'bob');
    refusal(await cat.sayAndWait(text(1, group, 'let me in', { ack: 3 })), 5003);
    refusal(await cat.sayAndWait(text(2, room, 'let me in', { ack: 4 })), 5003);
    refusal(await cat.sayAndWait(text(1, room, 'wrong kind')), 5004);
    refusal(await cat.sayAndWait(text(2, '0'.repeat(32), 'nowhere')), 5004);
    await story.settled(ann, bob, cat);
    for (const client of [ann, bob])
      assert.ok(!client.heard('message').some((one) => one.content.body === 'let me in'));
    assert.deepEqual(cat.heard('ack'), []);
    assert.deepEqual(await story.history(`/groups/${group}/chats`), []);
  });

  test('[ML-108] [ML-74] a room: type 2 with the room named, and kept nowhere', async () => {
    const room = await story.room('ann', 'bob');
    const { ts } = await ann.sayAndWait(text(2, room, 'in the room'));
    const message = await bob.next('message', (one) => one.content.body === 'in the room');
    assert.deepEqual(message.from, { id: 'ann', type: 2, gid: room });
    assert.deepEqual(message.to, { id: room, type: 2 });
    assert.equal(message.ts, ts);
    assert.ok([404, 405].includes((await story.world.rest('GET', `/rooms/${room}/chats`)).status));
    assert.ok(!(await story.world.rest('GET', '/ctx/ann/rooms?detail')).text.includes('in the room'));
  });

  test('who joins while connected hears from then on, and who is taken out hears no more', async () => {
    const group = await story.group('ann');
    await story.world.rest('POST', `/groups/${group}/members`, { members: ['cat'] });
    await ann.sayAndWait(text(1, group, 'welcome'));
    await cat.next('message', (one) => one.content.body === 'welcome');
    await story.world.rest('DELETE', `/groups/${group}/members`, { members: ['cat'] });
    await ann.sayAndWait(text(1, group, 'without cat'));
    refusal(await cat.sayAndWait(text(1, group, 'but I')), 5003);
    await story.settled(cat);
    assert.ok(!cat.heard('message').some((one) => one.content.body === 'without cat'));
  });

  test('a deleted group is silent at once', async () => {
    const group = await story.group('ann', 'bob');
    await ann.sayAndWait(text(1, group, 'last words'));
    assert.equal((await story.world.rest('DELETE', `/groups/${group}`)).status, 204);
    refusal(await ann.sayAndWait(text(1, group, 'anybody?')), 5004);
  });
});

describe('say to passengers and strangers', () => {
  test('[ML-109] a passenger hears type 0; the user hears type 3 and the passenger’s id', async () => {
    const guest = await story.joinPassenger({ id: 'guest-1' });
    await guest.sayAndWait(text(undefined, 'ann', 'hello?'));
    const asked = await ann.next('message', (one) => one.content.body === 'hello?');
    assert.deepEqual(
      [asked.from, asked.to],
      [
        { id: 'guest-1', type: 3 },
        { id: 'ann', type: 0 },
      ],
    );
    await ann.sayAndWait(text(3, 'guest-1', 'good day'));
    const answered = await guest.next('message');
    assert.deepEqual(
      [answered.from, answered.to],
      [
        { id: 'ann', type: 0 },
        { id: 'guest-1', type: 3 },
      ],
    );
    assert.deepEqual(await story.history('/passengers/guest-1/chats/ann'), ['guest-1: hello?', 'ann: good day']);
    refusal(await ann.sayAndWait(text(3, 'no-such-guest', 'x')), 5004);
    refusal(await guest.sayAndWait(text(0, 'ghost', 'x')), 5004);
    for (const type of [1, 2, 3]) refusal(await guest.sayAndWait(text(type, 'bob', 'x')), 5003);
  });

  test('[ML-110] [ML-51] a stranger hears type 4, and both know of each other', async () => {
    await cat.sayAndWait(text(4, 'bob', 'we have not met'));
    const message = await bob.next('message', (one) => one.content.body === 'we have not met');
    assert.deepEqual(
      [message.from, message.to],
      [
        { id: 'cat', type: 4 },
        { id: 'bob', type: 4 },
      ],
    );
    assert.deepEqual((await story.world.rest('GET', '/ctx/cat/strangers')).body, ['bob']);
    assert.deepEqual((await story.world.rest('GET', '/ctx/bob/strangers')).body, ['cat']);
    assert.deepEqual(await story.history('/ctx/bob/strangers/cat/chats'), ['cat: we have not met']);
    refusal(await cat.sayAndWait(text(4, 'ghost', 'x')), 5004);
    refusal(await cat.sayAndWait(text(4, 'cat', 'x')), 5001);
  });

  test('type 4 between friends is friends’ talk', async () => {
    await ann.sayAndWait(text(4, 'bob', 'formally'));
    const message = await bob.next('message', (one) => one.content.body === 'formally');
    assert.equal(message.from.type, 0);
    assert.equal((await story.history('/ctx/ann/friends/bob/chats')).at(-1), 'ann: formally');
  });
});
