// One person on many devices, and people who are away.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { within } from '../kit/eventually.ts';
import { openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

let phone: ChatClient;
let desk: ChatClient;
let bob: ChatClient;
before(async () => {
  phone = await story.join('ann');
  desk = await story.join('ann', {}, { eio: 4 });
  bob = await story.join('bob');
  await story.befriend('ann', 'bob');
});

describe('devices', () => {
  test('[ML-113] the other device hears `yourself`, in talk with a friend, a group, a room and a stranger', async () => {
    await story.join('cat');
    const group = await story.group('ann', 'bob');
    const room = await story.room('ann', 'bob');
    const places: [number, string][] = [
      [0, 'bob'],
      [1, group],
      [2, room],
      [4, 'cat'],
    ];
    for (const [type, id] of places) {
      const body = `from the phone, ${type}`;
      const { ts } = await phone.sayAndWait(text(type, id, body));
      const echo = await desk.next('yourself');
      const gid = type === 1 || type === 2 ? { gid: id } : {};
      assert.deepEqual(echo, { to: { id, type }, from: { id: 'ann', type, ...gid }, content: { media: 0, body }, ts });
    }
    await story.settled(phone, desk);
    assert.deepEqual([phone.heard('yourself'), phone.heard('message'), desk.heard('message')], [[], [], []]);
  });

  test('a passenger’s devices hear `yourself` too, and a user’s do for talk with a passenger', async () => {
    const guest = await story.joinPassenger({ id: 'g1' });
    const tablet = await story.joinPassenger({ id: 'g1' });
    await guest.sayAndWait(text(undefined, 'ann', 'from the guest'));
    assert.equal((await tablet.next('yourself')).content.body, 'from the guest');
    await phone.sayAndWait(text(3, 'g1', 'to the guest'));
    assert.deepEqual((await desk.next('yourself', (one) => one.content.body === 'to the guest')).to, {
      id: 'g1',
      type: 3,
    });
    for (const client of [guest, tablet]) assert.equal((await client.next('message')).content.body, 'to the guest');
  });

  test('[ML-114] every device of the receiver hears the message once', async () => {
    await bob.sayAndWait(text(0, 'ann', 'to both'));
    for (const client of [phone, desk]) await client.next('message', (one) => one.content.body === 'to both');
    await story.settled(phone, desk);
    for (const client of [phone, desk]) {
      assert.equal(client.heard('message').filter((one) => one.content.body === 'to both').length, 1);
    }
  });

  test('[ML-120] what was said to somebody away is in the history, and is not replayed at the next login', async () => {
    const dan = await story.join('dan');
    await story.befriend('dan', 'bob');
    await dan.close();
    await story.gone('dan');
    await bob.sayAndWait(text(0, 'dan', 'while you were out'));
    const back = await story.join('dan');
    await story.settled(back);
    assert.deepEqual(back.heard('message'), []);
    assert.deepEqual(await story.history('/ctx/dan/friends/bob/chats'), ['bob: while you were out']);
  });

  test('[ML-23] sessions and installs of two devices are both shown, and go with the connection', async () => {
    const first = await story.join('eva', { install: 'i1' });
    await story.join('eva', { install: 'i2' });
    const { body } = await story.world.rest('GET', '/ctx/eva');
    assert.equal(body.sessions, 2);
    assert.deepEqual(body.installs.toSorted(), ['i1', 'i2']);
    first.terminate();
    await within('one session is left', waitForSessions('eva', 1));
    assert.deepEqual((await story.world.rest('GET', '/ctx/eva')).body.installs.toSorted(), ['i1', 'i2']);
  });

  test('the fifty-first device puts out the oldest, with the packet that says stay away', async () => {
    const many: ChatClient[] = [];
    for (let n = 0; n < 51; n += 1) many.push(await story.join('crowd'));
    const [oldest] = many as [ChatClient];
    await within('the oldest is sent away', oldest.closed);
    assert.equal(oldest.packets.at(-1)?.slice(0, 7), '41/chat');
    await within('fifty are left', waitForSessions('crowd', 50));
    assert.ok(many.slice(1).every((client) => client.isOpen));
  });
});

async function waitForSessions(id: string, n: number): Promise<void> {
  while ((await story.world.rest('GET', `/ctx/${id}`)).body.sessions !== n)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
