// Messages of the application itself: heard by who is there, kept nowhere.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { openStory } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());

const hear = (body: string) => ({ content: { media: 0, body }, ts: 1, to: 'x', from: 'y', push: { prefix: '!' } });
const post = (path: string, body: unknown) => story.world.rest('POST', path, body);
const bodies = (client: ChatClient) =>
  client
    .heard('sys')
    .map((sys) => sys.content.body)
    .filter((body) => !body.startsWith('mark '));

let ann: ChatClient;
let desk: ChatClient;
let bob: ChatClient;
let guest: ChatClient;
before(async () => {
  ann = await story.join('ann');
  desk = await story.join('ann');
  bob = await story.join('bob');
  guest = await story.joinPassenger({ id: 'guest' });
});

describe('system messages', () => {
  test('[ML-81] to everybody: each device that is connected hears it, whoever comes later does not', async () => {
    const { status, body } = await post('/system', { ...hear('to all'), remark: 'r' });
    assert.deepEqual([status, body], [202, {}]);
    for (const client of [ann, desk, bob, guest]) {
      const { ts, ...sys } = await client.next('sys');
      assert.deepEqual(sys, { content: { media: 0, body: 'to all' }, remark: 'r' });
      assert.ok(Math.abs(ts - Date.now()) < 10_000);
    }
    const late = await story.join('late');
    await story.settled(late);
    assert.deepEqual(bodies(late), []);
  });

  test('[ML-82] to one user: all his devices, nobody else’s', async () => {
    assert.equal((await post('/system/ann', hear('to ann'))).status, 202);
    for (const client of [ann, desk]) await client.next('sys', (sys) => sys.content.body === 'to ann');
    await story.settled(bob, guest);
    for (const client of [bob, guest]) assert.ok(!bodies(client).includes('to ann'));
  });

  test('to a passenger, and to a user who is away', async () => {
    assert.equal((await post('/system/guest', hear('to the guest'))).status, 202);
    await guest.next('sys', (sys) => sys.content.body === 'to the guest');
    await story.world.rest('POST', '/ctx/away/attributes', { a: 1 });
    assert.equal((await post('/system/away', hear('to nobody there'))).status, 202);
    const away = await story.join('away');
    await story.settled(away);
    assert.deepEqual(bodies(away), []);
  });

  test('[ML-83] to a group: owner and members; to a room: its members; to what does not exist: 5004', async () => {
    const group = await story.group('ann', 'bob');
    const room = await story.room('bob');
    assert.equal((await post(`/system/${group}?group`, hear('to the group'))).status, 202);
    for (const client of [ann, desk, bob]) await client.next('sys', (sys) => sys.content.body === 'to the group');
    assert.equal((await post(`/system/${room}?room`, hear('to the room'))).status, 202);
    await bob.next('sys', (sys) => sys.content.body === 'to the room');
    await story.settled(ann, guest);
    assert.ok(!bodies(ann).includes('to the room'));
    assert.ok(!bodies(guest).includes('to the group'));
    for (const path of ['/system/ghost', `/system/${room}?group`, `/system/${group}?room`, '/system/ann?group']) {
      const { status, body } = await post(path, hear('to nowhere'));
      assert.deepEqual([status, body.errorCode], [404, 5004], path);
    }
  });

  test('[ML-84] without a body it is refused, and nobody hears anything', async () => {
    const before = bodies(bob).length;
    for (const body of [
      {},
      { content: {} },
      { content: { media: 0 } },
      { content: { media: 0, body: '' } },
      { content: 'x' },
      [],
      'x',
    ]) {
      const answer = await post('/system', body);
      assert.deepEqual([answer.status, answer.body.errorCode], [400, 5001], JSON.stringify(body));
      assert.equal(typeof answer.body.errorMessage, 'string');
    }
    assert.equal((await post('/system', undefined)).status, 400);
    await story.settled(bob);
    assert.equal(bodies(bob).length, before);
  });

  test('[ML-85] no system message is in any history or preview', async () => {
    await story.befriend('ann', 'bob');
    const group = await story.group('ann', 'bob');
    await post('/system/ann', hear('unkept'));
    await post(`/system/${group}?group`, hear('unkept'));
    assert.deepEqual(await story.history('/ctx/ann/friends/bob/chats'), []);
    assert.deepEqual(await story.history(`/groups/${group}/chats`), []);
    for (const path of ['/ctx/ann/friends?detail', '/ctx/ann/groups?detail', '/ctx/ann/strangers?detail']) {
      assert.ok(!(await story.world.rest('GET', path)).text.includes('unkept'), path);
    }
  });
});
