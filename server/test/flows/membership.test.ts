// What REST changes is in force for live sessions at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openStory, type Story, text } from '../kit/story.ts';

let story: Story;
before(async () => {
  story = await openStory();
});
after(() => story.close());

const rest = async (method: string, path: string, body?: unknown) => {
  const answer = await story.world.rest(method, path, body);
  assert.ok(answer.status < 300, answer.text);
  return answer.body;
};

test('[ML-273] who joins a group or room hears it at once, and who leaves no longer', async () => {
  const owner = await story.join('owner');
  const guest = await story.join('guest');
  const places = [
    [1, await story.group('owner'), 'groups'],
    [2, await story.room('owner'), 'rooms'],
  ] as const;
  for (const [type, id, path] of places) {
    const say = (body: string) => owner.sayAndWait(text(type, id, body));
    const heard = () =>
      guest
        .heard('message')
        .filter((one) => one.to.id === id)
        .map((one) => one.content.body);
    await say('before');
    assert.equal((await guest.sayAndWait(text(type, id, 'too early'))).error, 5003);
    await rest('POST', `/${path}/${id}/members`, { members: ['guest'] });
    await say('welcome');
    assert.equal((await guest.sayAndWait(text(type, id, 'thanks'))).success, true);
    await guest.next('message', (one) => one.content.body === 'welcome');
    await rest('DELETE', `/${path}/${id}/members/guest`);
    await say('gone');
    assert.equal((await guest.sayAndWait(text(type, id, 'too late'))).error, 5003);
    await rest('PUT', `/${path}/${id}`, { members: ['guest', 'owner'] });
    await say('back');
    await guest.next('message', (one) => one.to.id === id && one.content.body === 'back');
    await rest('DELETE', `/${path}/${id}`);
    assert.equal((await owner.sayAndWait(text(type, id, 'nobody here'))).error, 5004);
    await story.settled(guest);
    assert.deepEqual(heard(), ['welcome', 'back']);
  }
});

test('[ML-274] a new group is heard by its members at once, and by a new owner', async () => {
  const [one, two] = [await story.join('one'), await story.join('two')];
  const group = await story.group('one', 'three');
  await rest('POST', `/groups/${group}/members/two`);
  await rest('PUT', `/groups/${group}`, { owner: 'two' });
  await one.sayAndWait(text(1, group, 'hello'));
  await two.next('message', ({ content }) => content.body === 'hello');
  const fresh = await story.group('two', 'one');
  await one.sayAndWait(text(1, fresh, 'first'));
  await two.next('message', ({ content }) => content.body === 'first');
});

test('[ML-275] friendship is in force for the next message, in both directions', async () => {
  const [p, q] = [await story.join('p'), await story.join('q')];
  const say = async (from: typeof p, to: string) => (await from.sayAndWait(text(0, to, 'hi'))).error ?? 0;
  assert.deepEqual([await say(p, 'q'), await say(q, 'p')], [5003, 5003]);
  await story.befriend('p', 'q');
  assert.deepEqual([await say(p, 'q'), await say(q, 'p')], [0, 0]);
  await rest('DELETE', '/ctx/q/friends/p');
  assert.deepEqual([await say(p, 'q'), await say(q, 'p')], [5003, 5003]);
});
