// People of two apps: what one is to the other counts in both.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { App } from '../../src/core/apps/app.ts';
import { jm, refusedJm } from '../kit/jmessage.ts';
import { authOf, text } from '../kit/story.ts';
import { openTwoApps, saidBy } from '../kit/two-apps.ts';

const two = await openTwoApps();
after(() => two.close());
const story = two;
const { world, app, other, tom, zoe, ask, group, invite } = two;
const tomThere = `tom@${app.id}`;
const zoeHere = `zoe@${other.id}`;

test('[JM-304] a message to one person is one talk in both apps, and is taken back in both', async () => {
  const sent = await ask(app, 'POST', '/v1/messages', saidBy('tom', 'single', 'zoe', { target_appkey: other.id }));
  const heard = await zoe.next('message', ({ from }) => from.id === tomThere);
  assert.equal(heard.content.body, 'hello');
  await zoe.sayAndWait(text(4, tomThere, 'hello yourself'));
  assert.equal((await tom.next('message', ({ content }) => content.body === 'hello yourself')).from.id, zoeHere);
  const { messages } = await ask(app, 'GET', '/v1/users/tom/messages?count=1000');
  assert.deepEqual(
    messages
      .filter(({ target_type }: { target_type: string }) => target_type === 'single')
      .map((one: Record<string, unknown>) => [one.from_id, one.from_appkey, one.target_id, one.target_appkey]),
    [
      ['tom', app.id, 'zoe', other.id],
      ['zoe', other.id, 'tom', app.id],
    ],
  );
  await ask(app, 'POST', `/v1/messages/tom/${sent.msg_id}/retract`);
  assert.equal((await zoe.next('recalled')).ts, heard.ts);
  const there = (await ask(other, 'GET', '/v1/users/zoe/messages?count=1000')).messages;
  assert.deepEqual(
    there
      .filter(({ target_type }: { target_type: string }) => target_type === 'single')
      .map((one: { msg_body: object }) => one.msg_body),
    [{ text: '' }, { text: 'hello yourself' }],
  );
});

test('[JM-305] friends of two apps are friends at both doors, until one of them ends it', async () => {
  await ask(app, 'POST', '/v1/cross/users/tom/friends', { appkey: other.id, users: ['zoe'] });
  const friends = async (as: App, who: string) =>
    (await ask(as, 'GET', `/v1/users/${who}/friends`)).map((one: Record<string, unknown>) => [
      one.username,
      one.appkey,
    ]);
  assert.deepEqual(await friends(app, 'tom'), [['zoe', other.id]]);
  assert.deepEqual(await friends(other, 'zoe'), [['tom', app.id]]);
  assert.equal((await tom.sayAndWait(text(0, zoeHere, 'as friends'))).error, undefined);
  assert.deepEqual((await zoe.next('message', ({ content }) => content.body === 'as friends')).from, {
    id: tomThere,
    type: 0,
  });
  assert.ok((await world.rest('DELETE', `/ctx/zoe/friends/${tomThere}`, undefined, { as: other })).status < 300);
  assert.deepEqual([await friends(app, 'tom'), await friends(other, 'zoe')], [[], []]);
});

test('[JM-306] a blacklist keeps people of the other app away, wherever they speak', async () => {
  await ask(app, 'PUT', '/v1/cross/users/tom/blacklist', [{ appkey: other.id, usernames: ['zoe'] }]);
  assert.equal((await zoe.sayAndWait(text(4, tomThere, 'unwanted'))).error, 5003);
  await ask(app, 'DELETE', '/v1/cross/users/tom/blacklist', [{ appkey: other.id, usernames: ['zoe'] }]);
  assert.equal((await zoe.sayAndWait(text(4, tomThere, 'wanted'))).error, undefined);
  const heard = await tom.next('message', ({ content }) => content.body.endsWith('wanted'));
  assert.deepEqual([heard.from.id, heard.content.body], [zoeHere, 'wanted']);
});

test('[JM-307] no-disturb across apps is carried out as a whole, or not at all', async () => {
  const theirs = await ask(other, 'POST', '/v1/groups', { owner_username: 'zoe', name: 'theirs' });
  const path = '/v1/cross/users/tom/nodisturb';
  const items = (add: number[]) => [
    { appkey: app.id, single: { add: ['annie'] } },
    { appkey: other.id, single: { add: ['zoe'] }, group: { add } },
  ];
  refusedJm(await jm(world, 'POST', path, items([99_999_999])), 403, 899045);
  refusedJm(await jm(world, 'POST', path, items([theirs.gid])), 403, 899046);
  assert.deepEqual(await world.core.store.quiets.of(app.no, 'tom'), []);
  await ask(app, 'POST', path, items([]));
  assert.equal((await world.core.store.quiets.of(app.no, 'tom')).length, 2);
  refusedJm(await jm(world, 'POST', path, items([])), 403, 899043);
});

test('[JM-309] a guest neither logs in nor speaks where he is a guest, and is in no list of users', async () => {
  const knock = await story.knock(authOf(app, { client: zoeHere }));
  assert.equal(knock.login.success, false);
  refusedJm(await jm(world, 'POST', '/v1/messages', saidBy(zoeHere, 'single', 'tom')), 403, 899002);
  refusedJm(await jm(world, 'GET', `/v1/users/${zoeHere}`), 403, 899002);
  const { users, total } = await ask(other, 'GET', '/v1/users/?count=500');
  assert.deepEqual([users.toSorted(), total], [['yan', 'zoe'], 2]);
  const { groups } = await ask(other, 'GET', '/v1/groups/?count=500');
  assert.equal(groups.length, 1, 'twins are not among its groups');
});

test('[JM-311] a deleted user is gone from the other app too', async () => {
  const gid = await group('annie');
  await invite(gid, 'yan');
  await ask(app, 'POST', '/v1/cross/users/annie/friends', { appkey: other.id, users: ['yan'] });
  await ask(other, 'DELETE', '/v1/users/yan');
  assert.deepEqual((await ask(app, 'GET', `/v1/groups/${gid}`)).members_username, ['annie']);
  assert.deepEqual(await ask(app, 'GET', '/v1/users/annie/friends'), []);
});
