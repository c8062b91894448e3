// Two apps, one talk: server code over the JMessage door, people at MaxLeap's sockets of both apps.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { App } from '../../src/core/apps/app.ts';
import { jm, refusedJm, register } from '../kit/jmessage.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { text } from '../kit/story.ts';
import { openTwoApps, saidBy } from '../kit/two-apps.ts';

const two = await openTwoApps();
after(() => two.close());
const { world, app, other, tom, zoe, ask, allow, group, invite, idHere, idThere } = two;
const tomThere = `tom@${app.id}`;
const zoeHere = `zoe@${other.id}`;
const reportOf = async (as: App) => (await ask(as, 'GET', '/v1/messages?count=1000')).messages;

test('[JM-300] a member of another app hears a group live in his own app, and is heard', async () => {
  const gid = await group('annie');
  await invite(gid);
  const there = await idThere(gid);
  assert.deepEqual((await zoe.next('members', (one) => one.group === there)).added.toSorted(), [
    `annie@${app.id}`,
    tomThere,
    'zoe',
  ]);
  const { ts } = await tom.sayAndWait(text(1, await idHere(gid), 'from home'));
  assert.ok(ts > 0);
  const heard = await zoe.next('message', ({ content }) => content.body === 'from home');
  assert.deepEqual(
    [heard.from, heard.to],
    [
      { id: tomThere, type: 1, gid: there },
      { id: there, type: 1 },
    ],
  );

  await zoe.sayAndWait(text(1, there, 'from abroad'));
  const answer = await tom.next('message', ({ content }) => content.body === 'from abroad');
  assert.deepEqual([answer.from.id, answer.to.id], [zoeHere, await idHere(gid)]);

  // Server code of the other app says it to the group by its number at home.
  await ask(other, 'POST', '/v1/messages', saidBy('zoe', 'group', gid, { target_appkey: app.id })).then(
    () => assert.fail('the other app may not address this one'),
    (error) => assert.match(error.message, /899020/),
  );
  const shown = (await reportOf(other)).filter(({ target_type }: { target_type: string }) => target_type === 'group');
  assert.deepEqual(
    shown.map((one: Record<string, unknown>) => [
      one.from_id,
      one.from_appkey,
      one.target_id,
      one.target_appkey,
      one.msg_level,
    ]),
    [
      ['tom', app.id, String(gid), app.id, 0],
      ['zoe', other.id, String(gid), app.id, 1],
    ],
  );
  const page = await world.rest('GET', `/groups/${there}/chats`, undefined, { as: other });
  assert.deepEqual(
    page.body.map(({ speaker, content }: { speaker: string; content: { body: string } }) => [speaker, content.body]),
    [
      [tomThere, 'from home'],
      ['zoe', 'from abroad'],
    ],
  );
});

test('[JM-301] whatever changes in the group, members of another app are told', async () => {
  const gid = await group('annie');
  await invite(gid);
  const there = await idThere(gid);
  const next = () => zoe.next('members', (one) => one.group === there);
  await next();
  await ask(app, 'POST', `/v1/groups/${gid}/members`, { add: ['eddie'] });
  assert.deepEqual((await next()).added, [`eddie@${app.id}`]);
  await ask(app, 'POST', `/v1/groups/${gid}/members`, { remove: ['annie'] });
  assert.deepEqual((await next()).removed, [`annie@${app.id}`]);
  await ask(app, 'PUT', `/v1/groups/${gid}`, { name: 'climbers' });
  const twin = await world.core.store.conversations.open(other.no, there);
  assert.equal(twin?.name, 'climbers');
  const members = await ask(app, 'GET', `/v1/cross/groups/${gid}/members/`);
  assert.deepEqual(
    members.map((one: Record<string, unknown>) => [one.username, one.appkey, one.nickname]),
    [
      ['tom', app.id, undefined],
      ['zoe', other.id, 'Zoe'],
      ['eddie', app.id, undefined],
    ],
  );
  const groups = await ask(other, 'GET', '/v1/cross/users/zoe/groups');
  const seen = groups.find((one: { gid: number }) => one.gid === gid);
  assert.deepEqual([seen.appkey, seen.name, seen.max_member_count], [app.id, 'climbers', 500]);
  await ask(app, 'DELETE', `/v1/groups/${gid}`);
  assert.equal((await zoe.next('members', (one) => one.group === there && one.deleted)).deleted, true);
  assert.equal((await zoe.sayAndWait(text(1, there, 'anybody?'))).error, 5004);
});

test('[JM-302] silence, blocks and an end of membership at home bind in the other app', async () => {
  const gid = await group('annie');
  await invite(gid);
  const there = await idThere(gid);
  const conversation = await world.core.store.conversations.open(app.no, String(gid));
  assert.ok(conversation);
  const silent = { until: null, sticky: false, by: null, membersOnly: true, max: 10 };
  await world.core.store.conversations.silence(app.no, gid, [zoeHere], silent, world.clock.now());
  world.core.facts.forgetConversation(app.no, conversation.id);
  assert.equal((await zoe.sayAndWait(text(1, there, 'hm'))).error, 5003);
  await world.core.store.conversations.unsilence(app.no, gid, [zoeHere], world.clock.now());
  world.core.facts.forgetConversation(app.no, conversation.id);
  assert.equal((await zoe.sayAndWait(text(1, there, 'ok'))).error, undefined);
  assert.deepEqual(
    (await reportOf(app))
      .filter(({ target_id }: { target_id: string }) => target_id === String(gid))
      .map((one: { msg_body: { text: string } }) => one.msg_body.text),
    ['ok'],
  );
  await ask(app, 'POST', `/v1/cross/groups/${gid}/members`, { appkey: other.id, remove: ['zoe'] });
  assert.deepEqual(
    (await zoe.next('members', (one) => one.group === there && one.removed)).removed.includes('zoe'),
    true,
  );
  assert.notEqual((await zoe.sayAndWait(text(1, there, 'gone'))).error, undefined);
  // Who comes back finds the same group.
  await invite(gid);
  assert.equal(await idThere(gid), there);
  assert.equal((await zoe.sayAndWait(text(1, there, 'back'))).error, undefined);
  assert.equal((await tom.next('message', ({ content }) => content.body === 'back')).from.id, zoeHere);
});

test('[JM-303] who leaves in his own app has left the group; nothing else of it is changed there', async () => {
  const gid = await group('annie');
  await invite(gid);
  const there = await idThere(gid);
  const call = (method: string, path: string, body?: unknown) => world.rest(method, path, body, { as: other });
  assert.ok((await call('POST', `/groups/${there}/members`, { members: ['yan'] })).status >= 400);
  assert.ok((await call('DELETE', `/groups/${there}`)).status >= 400);
  assert.equal((await call('DELETE', `/groups/${there}/members`, { members: ['zoe'] })).status < 300, true);
  const left = await ask(app, 'GET', `/v1/groups/${gid}`);
  assert.deepEqual([left.owner_username, left.members_username], ['tom', ['annie']]);
});

test('[JM-308] without a grant nothing passes any more, and a name alone shows nothing', async () => {
  const gid = await group('annie');
  await invite(gid);
  const there = await idThere(gid);
  await allow(false);
  await tom.sayAndWait(text(1, await idHere(gid), 'unheard abroad'));
  await zoe.sayAndWait(text(1, there, 'unheard at home'));
  await allow(true);
  await tom.sayAndWait(text(1, await idHere(gid), 'heard again'));
  const heard = await zoe.next('message', ({ to, content }) => to.id === there && content.body.includes('heard'));
  assert.equal(heard.content.body, 'heard again');
  // Somebody of this app who is called like a guest is no guest.
  await ask(other, 'POST', '/v1/users', [{ username: 'xia', password: 'pw-1234' }]);
  await register(world, `xia@${other.id}`);
  await ask(app, 'PUT', '/v1/users/eddie/blacklist', [`xia@${other.id}`]);
  const [blocked] = await ask(app, 'GET', '/v1/cross/users/eddie/blacklist');
  assert.deepEqual([blocked.username, blocked.appkey], [`xia@${other.id}`, app.id]);
  refusedJm(
    await jm(world, 'POST', '/v1/cross/users/eddie/friends', { appkey: other.id, users: ['xia'] }),
    403,
    899001,
  );
});

test('[JM-310] a chat room has people of several apps', async () => {
  const people = { owner_username: 'tom', name: 'lobby' };
  const { chatroom_id } = await ask(app, 'POST', '/v1/chatroom', people);
  await ask(app, 'POST', `/v1/cross/chatroom/${chatroom_id}/members`, { appkey: other.id, add: ['zoe'] });
  const there = await idThere(chatroom_id);
  await tom.sayAndWait(text(2, await idHere(chatroom_id), 'in the room'));
  assert.equal((await zoe.next('message', ({ to }) => to.id === there)).content.body, 'in the room');
  await zoe.sayAndWait(text(2, there, 'from afar'));
  assert.equal((await tom.next('message', ({ content }) => content.body === 'from afar')).from.id, zoeHere);
});

test('[JM-300] at the LeanCloud socket of the other app a member hears and is heard too', async () => {
  const there = await LcWire.open(world, 'lea', {}, { app: other });
  const gid = await group('annie');
  await invite(gid, 'lea');
  const { convMessage } = await there.nextOp('conv', 'joined');
  const cid = convMessage?.cid as string;
  assert.equal(cid, await idThere(gid));
  await tom.sayAndWait(text(1, await idHere(gid), 'to LeanCloud'));
  const { directMessage } = await there.nextOp('direct');
  assert.deepEqual([directMessage?.cid, directMessage?.fromPeerId], [cid, tomThere]);
  await there.say(cid, 'from LeanCloud');
  const heard = await tom.next('message', ({ content }) => content.body === 'from LeanCloud');
  assert.deepEqual([heard.from.id, heard.to.id], [`lea@${other.id}`, await idHere(gid)]);
  await there.close();
});
