import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openStory, type Story, text } from '../kit/story.ts';

let story: Story;
before(async () => {
  story = await openStory();
});
after(() => story.close());

test('[ML-119] push settings are accepted, and are neither passed on nor kept', async () => {
  await story.befriend('ann', 'bob');
  const ann = await story.join('ann');
  const device = await story.join('ann');
  const bob = await story.join('bob');
  const push = {
    enable: true,
    prefix: '[',
    overwrite: 'new',
    suffix: ']',
    badge: 1,
    sound: 's',
    contentAvailable: true,
  };
  for (const settings of [push, { enable: false }, { prefix: 5 }, 'nonsense', null]) {
    assert.equal((await ann.sayAndWait(text(0, 'bob', 'hi', { push: settings }))).success, true);
    for (const heard of [await bob.next('message'), await device.next('yourself')]) {
      assert.deepEqual(Object.keys(heard).sort(), ['content', 'from', 'to', 'ts']);
    }
  }
  const { body } = await story.world.rest('GET', '/ctx/ann/friends/bob/chats');
  for (const record of body) assert.deepEqual(Object.keys(record).sort(), ['content', 'speaker', 'ts']);
  const sent = await story.world.rest('POST', '/system/bob', { content: { body: 'x' }, push });
  assert.equal(sent.status, 202);
  assert.deepEqual(Object.keys(await bob.next('sys')).sort(), ['content', 'ts']);
});
