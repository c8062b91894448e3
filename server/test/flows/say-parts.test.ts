// The parts of a `say`: ack, remark, time, media, body; and that order survives a burst.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

let ann: ChatClient;
let desk: ChatClient;
let bob: ChatClient;
before(async () => {
  ann = await story.join('ann');
  desk = await story.join('ann', {}, { eio: 4 });
  bob = await story.join('bob');
  await story.befriend('ann', 'bob');
});

const newest = async () => (await story.world.rest('GET', '/ctx/ann/friends/bob/chats?limit=1')).body[0];

describe('parts of a say', () => {
  test('[ML-111] ack comes to the sending socket alone, with the stored time; a number used twice is two messages', async () => {
    ann.say(text(0, 'bob', 'first', { ack: 12345 }));
    ann.say(text(0, 'bob', 'second', { ack: 12345 }));
    const acks = await ann.count('ack', 2);
    const messages = await bob.count('message', 2);
    assert.deepEqual(
      acks,
      messages.map((message) => ({ ack: 12345, ts: message.ts })),
    );
    assert.deepEqual(
      messages.map((message) => message.content.body),
      ['first', 'second'],
    );
    assert.equal((await newest()).ts, acks.at(-1)?.ts);
    await story.settled(desk);
    assert.deepEqual([desk.heard('ack'), bob.heard('ack')], [[], []]);
  });

  test('an ack that is no integer counts as absent', async () => {
    for (const ack of [null, 'five', 1.5, true]) {
      assert.equal((await ann.sayAndWait(text(0, 'bob', 'odd ack', { ack }))).success, true);
    }
    await story.settled(ann);
    assert.equal(ann.heard('ack').length, 2);
  });

  test('[ML-112] a callback fires once the message is stored', async () => {
    const answer = await ann.sayAndWait(text(0, 'bob', 'with callback'));
    assert.deepEqual(Object.keys(answer).sort(), ['success', 'ts']);
    assert.deepEqual(await newest(), { speaker: 'ann', content: { media: 0, body: 'with callback' }, ts: answer.ts });
  });

  test('[ML-115] a remark is in message, yourself and history; without one there is no such key', async () => {
    await ann.sayAndWait(text(0, 'bob', 'remarked', { remark: '{"thumb":"x"}', push: { enable: false }, extra: 1 }));
    const message = await bob.next('message', (one) => one.content.body === 'remarked');
    const echo = await desk.next('yourself', (one) => one.content.body === 'remarked');
    assert.deepEqual(Object.keys(message).sort(), ['content', 'from', 'remark', 'to', 'ts']);
    for (const one of [message, echo, await newest()]) assert.equal(one.remark, '{"thumb":"x"}');
    await ann.sayAndWait(text(0, 'bob', 'plain'));
    assert.ok(!('remark' in (await bob.next('message', (one) => one.content.body === 'plain'))));
    assert.ok(!('remark' in (await newest())));
  });

  test('[ML-116] the client’s own time and sender are ignored', async () => {
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'from the future', { ts: 9_999_999_999_999, from: 'bob' }));
    assert.ok(Math.abs(ts - Date.now()) < 10_000);
    const message = await bob.next('message', (one) => one.content.body === 'from the future');
    assert.deepEqual([message.ts, message.from.id], [ts, 'ann']);
  });

  test('[ML-117] of a list of texts the first is the body and the second the remark', async () => {
    ann.say({ to: { id: 'bob', type: 0 }, content: { media: 1, body: ['http://u/1.png', 'http://u/1.sm.png'] } });
    const message = await bob.next('message', (one) => one.content.media === 1);
    assert.deepEqual(message.content, { media: 1, body: 'http://u/1.png' });
    assert.equal(message.remark, 'http://u/1.sm.png');
  });

  test('media is passed through; without one it is text', async () => {
    for (const media of [2, 3, 7, 1_000]) {
      await ann.sayAndWait({ to: { id: 'bob' }, content: { media, body: `media ${media}` } });
      const message = await bob.next('message', (one) => one.content.body === `media ${media}`);
      assert.equal(message.content.media, media);
      assert.deepEqual((await newest()).content, message.content);
    }
    await ann.sayAndWait({ to: { id: 'bob' }, content: { body: 'no media' } });
    assert.equal((await bob.next('message', (one) => one.content.body === 'no media')).content.media, 0);
  });

  test('bodies come back letter for letter', async () => {
    for (const body of [
      '鸿雁传书 🪿',
      '"\\\n\t\u0001\u2028',
      ' ',
      '{"to":{"id":"cat"}}',
      '<script>',
      'x'.repeat(32 * 1024),
    ]) {
      assert.equal((await ann.sayAndWait(text(0, 'bob', body))).success, true, body.slice(0, 20));
      await bob.next('message', (one) => one.content.body === body);
      assert.equal((await newest()).content.body, body);
    }
    const tooLong = await ann.sayAndWait(text(0, 'bob', '鸿'.repeat(11_000)));
    assert.deepEqual([tooLong.success, tooLong.error], [false, 5010]);
  });

  test('[ML-121] a hundred in a row arrive and are stored in order, each later than the one before', async () => {
    const group = await story.group('ann', 'bob');
    const bodies = Array.from({ length: 100 }, (_, n) => `number ${n}`);
    const before = bob.heard('message').length;
    for (const body of bodies) ann.say(text(1, group, body));
    const heard = (await bob.count('message', before + 100)).slice(before);
    assert.deepEqual(
      heard.map((message) => message.content.body),
      bodies,
    );
    for (const [n, message] of heard.entries()) assert.ok(n === 0 || message.ts > heard[n - 1].ts);
    const { body: page } = await story.world.rest('GET', `/groups/${group}/chats?limit=100`);
    assert.deepEqual(
      page.map((record: { ts: number; content: object }) => [record.ts, record.content]),
      heard.map((message) => [message.ts, message.content]),
    );
  });

  test('the first words two people ever exchange keep their order too', async () => {
    const cat = await story.join('cat');
    const bodies = Array.from({ length: 30 }, (_, n) => `first ${n}`);
    for (const body of bodies) ann.say(text(4, 'cat', body));
    const heard = await cat.count('message', 30);
    assert.deepEqual(
      heard.map((message) => message.content.body),
      bodies,
    );
    assert.deepEqual(
      await story.history('/ctx/ann/strangers/cat/chats?limit=100'),
      bodies.map((body) => `ann: ${body}`),
    );
  });
});
