// Extensions: what was said is edited, or taken back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setWords } from '../../src/core/words/set-words.ts';
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

const chats = async (path: string): Promise<FromWire[]> => (await story.world.rest('GET', path)).body;
const refusal = (answer: FromWire, error: number): void =>
  assert.deepEqual([answer.success, answer.error, typeof answer.errorMessage], [false, error, 'string']);

describe('changes', () => {
  test('[ML-330] an edit of one’s own message is heard by everybody in the conversation, by one’s other sessions too', async () => {
    const group = await story.group('ann', 'bob');
    const places = [
      { type: 0, id: 'bob' },
      { type: 1, id: group },
      { type: 4, id: 'bob' },
    ];
    for (const to of places) {
      const { ts } = await ann.sayAndWait(text(to.type, to.id, 'frist'));
      const answer = await ann.ask('edit', { to, ts, content: { media: 0, body: 'first' }, remark: 'r' });
      const { editedTs, prev } = answer;
      assert.deepEqual(answer, { success: true, ts, editedTs, prev: ts });
      assert.ok(editedTs > ts);
      // The friendship counts, not what the client calls it: direct talk of friends is friends' talk.
      const type = to.type === 4 ? 0 : to.type;
      const gid = to.type === 1 ? { gid: group } : {};
      for (const client of [bob, tablet]) {
        assert.deepEqual(await client.next('edited', (one) => one.ts === ts), {
          from: { id: 'ann', type, ...gid },
          to: { id: to.id, type },
          content: { media: 0, body: 'first' },
          remark: 'r',
          ts,
          editedTs,
          prev,
        });
      }
    }
    await story.settled(ann);
    assert.deepEqual(ann.heard('edited'), [], 'the session that did it has its answer');
  });

  test('[ML-330] a passenger and a user edit what they said to each other', async () => {
    const guest = await story.joinPassenger({ id: 'g1' }, ext);
    const hers = await guest.sayAndWait(text(undefined, 'ann', 'helo'));
    assert.equal(
      (await guest.ask('edit', { to: { id: 'ann' }, ts: hers.ts, content: { body: 'hello' } })).success,
      true,
    );
    const heard = await ann.next('edited');
    assert.deepEqual(
      [heard.from, heard.to],
      [
        { id: 'g1', type: 3 },
        { id: 'ann', type: 0 },
      ],
    );
    const mine = await ann.sayAndWait(text(3, 'g1', 'hi'));
    await ann.ask('edit', { to: { id: 'g1', type: 3 }, ts: mine.ts, content: { body: 'hi!' } });
    const there = await guest.next('edited');
    assert.deepEqual(
      [there.from, there.to, there.content.body],
      [{ id: 'ann', type: 0 }, { id: 'g1', type: 3 }, 'hi!'],
    );
    const echo = await tablet.next('edited', (one) => one.ts === mine.ts);
    assert.deepEqual([echo.from, echo.to], [there.from, there.to]);
  });

  test('[ML-331] nobody edits or recalls what another said, what was recalled, or what is not there', async () => {
    const group = await story.group('ann', 'bob');
    const to = { id: group, type: 1 };
    const { ts } = await ann.sayAndWait(text(1, group, 'mine'));
    const content = { body: 'x' };
    refusal(await bob.ask('edit', { to, ts, content }), 5003);
    refusal(await bob.ask('recall', { to, ts }), 5003);
    refusal(await ann.ask('edit', { to, ts: ts + 1, content }), 5004);
    refusal(await ann.ask('recall', { to, ts: ts - 1 }), 5004);
    refusal(await ann.ask('edit', { to: { id: 'bob', type: 0 }, ts, content }), 5004);
    refusal(await ann.ask('edit', { to: { id: 'cat', type: 4 }, ts, content }), 5004);
    refusal(await ann.ask('edit', { to: { id: 'ghost', type: 0 }, ts, content }), 5004);
    refusal(await ann.ask('edit', { to: { id: 'f'.repeat(32), type: 1 }, ts, content }), 5004);
    const room = await story.room('ann', 'bob');
    const loose = await ann.sayAndWait(text(2, room, 'in a room'));
    refusal(await ann.ask('edit', { to: { id: room, type: 2 }, ts: loose.ts, content }), 5004);
    for (const bad of [
      undefined,
      null,
      7,
      'text',
      {},
      { to },
      { to, ts: '1', content },
      { to, ts: 1.5, content },
      { to: 'x', ts, content },
    ]) {
      refusal(await ann.ask('edit', bad), 5001);
    }
    refusal(await ann.ask('edit', { to, ts, content: { body: '' } }), 5001);
    refusal(await ann.ask('edit', { to, ts, content: { body: 'x'.repeat(32 * 1024 + 1) } }), 5010);
    assert.equal((await ann.ask('recall', { to, ts })).success, true);
    refusal(await ann.ask('edit', { to, ts, content }), 5004);
    const stranger = await story.join('dan', ext);
    refusal(await stranger.ask('recall', { to, ts }), 5003);
  });

  test('[ML-332] sensitive words are starred in what is edited too', async () => {
    const { world } = story;
    await setWords(world.core, world.app, ['darn']);
    await world.set({ 'maxleap.censor': true });
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'fine'));
    await ann.ask('edit', { to: { id: 'bob', type: 0 }, ts, content: { body: 'darn it' } });
    assert.equal((await bob.next('edited', (one) => one.ts === ts)).content.body, '**** it');
    await world.set({ 'maxleap.censor': false });
  });

  test('[ML-333] an argument may be the JSON text of one, as `say` takes it', async () => {
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'as text'));
    const to = { id: 'bob', type: 0 };
    assert.equal(
      (await ann.ask('edit', JSON.stringify({ to, ts, content: { body: 'edited as text' } }))).success,
      true,
    );
    assert.equal((await ann.ask('recall', JSON.stringify({ to, ts }))).success, true);
  });

  test('[ML-340] a recall is heard by the same people, without the content; repeating it is no error and tells nobody', async () => {
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'oops'));
    const to = { id: 'bob', type: 0 };
    const answer = await ann.ask('recall', { to, ts });
    const { editedTs } = answer;
    assert.deepEqual(answer, { success: true, ts, editedTs, prev: ts });
    for (const client of [bob, tablet]) {
      assert.deepEqual(await client.next('recalled', (one) => one.ts === ts), {
        from: { id: 'ann', type: 0 },
        to,
        ts,
        editedTs,
        prev: ts,
      });
    }
    assert.deepEqual(await tablet.ask('recall', { to, ts }), { success: true, ts, editedTs });
    await story.settled(bob);
    assert.equal(bob.heard('recalled').filter((one) => one.ts === ts).length, 1);
  });

  test('[ML-341] history and the newest message show what was edited, with its time, and not what was recalled', async () => {
    await story.befriend('ann', 'eve');
    const eve = await story.join('eve', ext);
    const to = { id: 'ann', type: 0 };
    const first = await eve.sayAndWait(text(0, 'ann', 'one'));
    const second = await eve.sayAndWait(text(0, 'ann', 'two'));
    const { editedTs } = await eve.ask('edit', { to, ts: first.ts, content: { body: 'ONE' } });
    const record = { speaker: 'eve', content: { media: 0, body: 'ONE' }, ts: first.ts, edited: editedTs };
    const [one, two] = await chats('/ctx/ann/friends/eve/chats');
    assert.deepEqual([one, two.content.body, 'edited' in two], [record, 'two', false]);
    await eve.ask('recall', { to, ts: second.ts });
    assert.deepEqual(await chats('/ctx/ann/friends/eve/chats'), [record]);
    const friends = (await story.world.rest('GET', '/ctx/ann/friends?detail')).body;
    assert.deepEqual(friends.find(({ id }: FromWire) => id === 'eve').recent, record);
    await eve.ask('recall', { to, ts: first.ts });
    assert.deepEqual(await chats('/ctx/ann/friends/eve/chats'), []);
  });
});
