// Extensions: who hears of them, and messages that can be sent again without being said twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { authOf, ext, openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

let ann: ChatClient;
let tablet: ChatClient;
let bob: ChatClient;
let oldBob: ChatClient;
before(async () => {
  ann = await story.join('ann', ext);
  tablet = await story.join('ann', ext);
  bob = await story.join('bob', ext);
  oldBob = await story.join('bob');
  await story.befriend('ann', 'bob');
});

describe('extensions', () => {
  test('[ML-300] `ext: 1` in the auth object asks for them; such a session learns the time of its login', async () => {
    const early = story.world.clock.now();
    const client = await story.join('cat', ext);
    assert.ok(client.login.ts >= early && client.login.ts <= story.world.clock.now());
    const guest = await story.joinPassenger({ id: 'g0' }, ext);
    assert.ok(guest.login.ts >= early);
    for (const other of [{ ext: 2 }, { ext: true }, { ext: '1' }, { ext: 0 }]) {
      const plain = await story.knock(authOf(story.world.app, { client: 'dan', ...other }));
      assert.deepEqual(plain.login, { success: true, id: 'dan' });
    }
  });

  test('[ML-301] a session that did not ask hears nothing but what MaxLeap’s own clients know, key by key', async () => {
    const old = await story.join('ann');
    const group = await story.group('ann', 'bob');
    const { ts } = await ann.sayAndWait(text(1, group, 'hello', { ref: 'r0' }));
    const heard = await oldBob.next('message');
    assert.deepEqual(heard, {
      from: { id: 'ann', type: 1, gid: group },
      to: { id: group, type: 1 },
      content: { media: 0, body: 'hello' },
      ts,
    });
    assert.deepEqual(Object.keys(await old.next('yourself')).toSorted(), ['content', 'from', 'to', 'ts']);
    const to = { id: group, type: 1 };
    await bob.ask('typing', { to });
    await bob.ask('read', { to, ts });
    await ann.ask('edit', { to, ts, content: { body: 'hallo' } });
    await ann.ask('recall', { to, ts });
    await story.befriend('ann', 'eve');
    await story.world.rest('POST', `/groups/${group}/members`, { members: ['cat'] });
    await story.world.rest('DELETE', `/groups/${group}`);
    await bob.next('members', (one) => one.deleted === true);
    await story.settled(oldBob, old);
    const names = (client: ChatClient) => new Set(client.events.map(({ name }) => name));
    assert.deepEqual([...names(oldBob), ...names(old)].toSorted(), ['message', 'sys', 'sys', 'yourself']);
  });

  test('[ML-302] a `say` with a `ref` may be repeated: it is said once, and answered with its first `ts`', async () => {
    const first = await ann.sayAndWait(text(0, 'bob', 'once', { ref: 'r1' }));
    assert.equal(first.success, true);
    const again = await ann.sayAndWait(text(0, 'bob', 'once', { ref: 'r1' }));
    assert.deepEqual(again, { success: true, ts: first.ts });
    assert.deepEqual(await tablet.sayAndWait(text(0, 'bob', 'once', { ref: 'r1' })), { success: true, ts: first.ts });
    const other = await ann.sayAndWait(text(0, 'bob', 'other words', { ref: 'r1' }));
    assert.deepEqual([other.success, other.error], [false, 5005]);
    const elsewhere = await ann.sayAndWait(text(0, 'bob', 'twice'));
    assert.ok(elsewhere.ts > first.ts);
    await story.settled(bob, tablet);
    assert.equal(bob.heard('message').filter(({ content }) => content.body === 'once').length, 1);
    assert.equal(tablet.heard('yourself').filter(({ content }) => content.body === 'once').length, 1);
    const said = (await story.history('/ctx/ann/friends/bob/chats')).filter((line) => line === 'ann: once');
    assert.equal(said.length, 1);
  });

  test('[ML-302] a reference is a text of 1 to 128 characters, of one conversation and one speaker', async () => {
    for (const [ref, error] of [
      ['', 5001],
      [7, 5001],
      ['r'.repeat(129), 5010],
    ] as const) {
      assert.equal((await ann.sayAndWait(text(0, 'bob', 'x', { ref }))).error, error, String(ref));
    }
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'long', { ref: 'r'.repeat(128) }));
    const theirs = await bob.sayAndWait(text(0, 'ann', 'mine', { ref: 'r'.repeat(128) }));
    assert.ok(theirs.ts > ts);
    const group = await story.group('ann', 'bob');
    assert.equal((await ann.sayAndWait(text(1, group, 'elsewhere', { ref: 'r'.repeat(128) }))).success, true);
  });

  test('[ML-303] in a room too, which keeps nothing, a repeated message is said once', async () => {
    const room = await story.room('ann', 'bob');
    const first = await ann.sayAndWait(text(2, room, 'in the room', { ref: 'q1' }));
    assert.deepEqual(await ann.sayAndWait(text(2, room, 'in the room', { ref: 'q1' })), {
      success: true,
      ts: first.ts,
    });
    assert.equal((await ann.sayAndWait(text(2, room, 'other', { ref: 'q1' }))).error, 5005);
    assert.ok((await ann.sayAndWait(text(2, room, 'in the room'))).ts > first.ts);
    await story.settled(bob);
    assert.equal(bob.heard('message').filter(({ content }) => content.body === 'in the room').length, 2);
  });

  test('[ML-304] a message tells what was before it in its conversation; the speaker’s other sessions know it by its `ref`', async () => {
    const group = await story.group('ann', 'bob');
    const one = await ann.sayAndWait(text(1, group, 'one', { ref: 'p1' }));
    const two = await bob.sayAndWait(text(1, group, 'two'));
    assert.deepEqual([one.prev, two.prev], [0, one.ts]);
    const echo = await tablet.next('yourself', ({ to }) => to.id === group);
    assert.deepEqual([echo.ref, echo.prev, echo.ts], ['p1', 0, one.ts]);
    const heard = await bob.next('message', ({ to }) => to.id === group);
    assert.deepEqual([heard.prev, 'ref' in heard], [0, false]);
    assert.equal((await ann.next('message', ({ to }) => to.id === group)).prev, one.ts);
    const plain = await oldBob.sayAndWait(text(1, group, 'three'));
    assert.deepEqual(plain, { success: true, ts: plain.ts });
  });

  test('[ML-305] everything that takes a place in a conversation names the one before: a client can see every gap', async () => {
    const group = await story.group('ann', 'bob', 'fay');
    const to = { id: group, type: 1 };
    const fay = await story.join('fay', ext);
    const say = (who: ChatClient, body: string) => who.sayAndWait(text(1, group, body));
    const { ts } = await say(ann, '1');
    await say(bob, '2');
    await ann.ask('edit', { to, ts, content: { body: 'one' } });
    await story.world.rest('POST', `/groups/${group}/members`, { members: ['cat'] });
    await ann.ask('recall', { to, ts });
    await story.world.rest('DELETE', `/groups/${group}/members`, { members: ['cat'] });
    await say(ann, '3');
    await fay.next('message', ({ content }) => content.body === '3');
    assert.deepEqual(
      fay.events.map(({ name }) => name),
      ['message', 'message', 'edited', 'members', 'recalled', 'members', 'message'],
    );
    const places = fay.events.map(({ argument }) => argument.editedTs ?? argument.ts);
    assert.deepEqual(
      fay.events.map(({ argument }) => argument.prev),
      [0, ...places.slice(0, -1)],
    );
  });
});
