// Two apps on one server share nothing, not even the people of the same name.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { authOf, openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;
const there = { as: world.other };

test('[ML-131] the same ids in two apps: attributes, friends, sessions, messages, announcements and presence apart', async () => {
  const ann = await story.join('ann');
  const bob = await story.join('bob', { notifyAll: true });
  const otherAnn = await story.knock(authOf(world.other, { client: 'ann' }));
  const otherBob = await story.knock(authOf(world.other, { client: 'bob' }));
  assert.deepEqual(otherBob.login, { success: true, id: 'bob' });

  await world.rest('POST', '/ctx/ann/attributes', { here: true });
  assert.deepEqual((await world.rest('GET', '/ctx/ann/attributes', undefined, there)).body, {});
  await story.befriend('ann', 'bob');
  assert.deepEqual((await world.rest('GET', '/ctx/ann/friends', undefined, there)).body, []);
  assert.equal((await world.rest('GET', '/ctx/ann', undefined, there)).body.sessions, 1);

  assert.equal((await ann.sayAndWait(text(0, 'bob', 'only here'))).success, true);
  await bob.next('message');
  assert.equal((await otherAnn.sayAndWait(text(0, 'bob', 'no friend there'))).error, 5003);
  await world.rest('POST', '/system', { content: { body: 'to all of here' } });
  await ann.next('sys');
  await bob.close();
  await ann.next('offline');

  await world.rest('POST', '/system/ann', { content: { body: 'mark' } }, there);
  await world.rest('POST', '/system/bob', { content: { body: 'mark' } }, there);
  for (const client of [otherAnn, otherBob]) {
    await client.next('sys');
    assert.deepEqual(
      client.events.map((event) => event.name).filter((name) => name !== 'online_x'),
      ['sys'],
    );
    assert.equal(client.heard('sys')[0].content.body, 'mark');
  }
  assert.deepEqual((await world.rest('GET', '/ctx/ann/friends/bob/chats', undefined, there)).body, []);
});

test('a group, a room and a passenger of one app do not exist in the other', async () => {
  const group = await story.group('ann', 'bob');
  const room = await story.room('ann');
  await world.rest('POST', '/passengers', { id: 'guest' });
  for (const path of [`/groups/${group}`, `/rooms/${room}`, '/passengers/guest', `/groups/${group}/chats`]) {
    assert.equal((await world.rest('GET', path)).status, 200, path);
    const { status, body } = await world.rest('GET', path, undefined, there);
    assert.deepEqual([status, body.errorCode], [404, 5004], path);
  }
  const otherAnn = await story.knock(authOf(world.other, { client: 'ann' }));
  for (const say of [text(1, group, 'x'), text(2, room, 'x'), text(3, 'guest', 'x')]) {
    assert.equal((await otherAnn.sayAndWait(say)).error, 5004);
  }
  const { body } = await world.rest('POST', `/system/${group}?group`, { content: { body: 'x' } }, there);
  assert.equal(body.errorCode, 5004);
});
