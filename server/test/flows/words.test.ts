// Sensitive words, from the operator's list to what people read.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;

let ann: ChatClient;
let bob: ChatClient;
before(async () => {
  ann = await story.join('ann');
  bob = await story.join('bob');
  await story.befriend('ann', 'bob');
});

const words = async (method: string, body?: unknown, app = world.app.id) => {
  const answer = await fetch(`${world.url}/admin/apps/${app}/words`, {
    method,
    headers: { authorization: 'Bearer test-admin-token-0123456789', 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
};
const hear = async (body: string): Promise<string> => {
  ann.say(text(0, 'bob', body));
  return (await bob.next('message')).content.body;
};

it('[CORE-68] the operator sets the list and reads it', async () => {
  assert.deepEqual(await words('GET'), { status: 200, body: { words: [] } });
  assert.deepEqual(await words('PUT', { words: ['Bad', '賭博'] }), { status: 200, body: { words: ['Bad', '賭博'] } });
  assert.deepEqual(await words('GET'), { status: 200, body: { words: ['Bad', '賭博'] } });
});

it('[CORE-68] what is no list, too long or of an unknown app is refused', async () => {
  for (const body of [{}, [], { words: 'bad' }, { words: [1] }, { words: ['x'.repeat(17)] }, undefined]) {
    assert.equal((await words('PUT', body)).status, 400, JSON.stringify(body));
  }
  assert.equal((await words('PUT', { words: Array.from({ length: 1001 }, (_, n) => `w${n}`) })).status, 409);
  assert.equal((await words('GET', undefined, 'nobody')).status, 404);
  assert.equal((await fetch(`${world.url}/admin/apps/${world.app.id}/words`)).status, 401);
});

it('[CORE-66] words are starred for everybody and in the history, unless the app lets them through', async () => {
  await world.set({ 'maxleap.censor': false });
  assert.equal(await hear('a bad word'), 'a bad word');
  await world.set({ 'maxleap.censor': true });
  const other = await story.join('ann');
  assert.equal(await hear('a BAD word, 赌博'), 'a *** word, **');
  assert.equal((await other.next('yourself')).content.body, 'a *** word, **');
  assert.deepEqual(await story.history('/ctx/bob/friends/ann/chats'), ['ann: a bad word', 'ann: a *** word, **']);
});

it('[CORE-68] a changed list is in force for the next message', async () => {
  await words('PUT', { words: ['good'] });
  assert.equal(await hear('good and bad'), '**** and bad');
});
