// A back-end on JMessage's REST door and people on MaxLeap's socket: one talk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChatClient } from '../kit/chat-client.ts';
import { jm, register, registerAdmin } from '../kit/jmessage.ts';
import { ext, openStory, text } from '../kit/story.ts';

const story = await openStory();
after(() => story.close());
const { world } = story;

let tom: ChatClient;
let annie: ChatClient;
before(async () => {
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
  tom = await story.join('tom', ext);
  annie = await story.join('annie');
});

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await jm(world, method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
};
const say = (from_type: string, from_id: string, target_type: string, target_id: string | number, more: object = {}) =>
  ok('POST', '/v1/messages', {
    version: 1,
    from_type,
    from_id,
    target_type,
    target_id,
    msg_type: 'text',
    msg_body: { text: 'hello' },
    ...more,
  });
async function group(...members: string[]): Promise<{ gid: number; id: string }> {
  const { gid } = await ok('POST', '/v1/groups', { owner_username: 'tom', name: 'hikers', members_username: members });
  const { id } = (await world.core.store.conversations.open(world.app.no, String(gid))) as { id: string };
  return { gid, id };
}
const report = async (gid: number) =>
  (await ok('GET', '/v1/messages?count=1000')).messages.filter(
    ({ target_id }: { target_id: string }) => target_id === String(gid),
  );

test('[JM-286] what server code says in a group is heard at the socket, and what is said there is reported', async () => {
  const { gid, id } = await group('annie');
  const { msg_ctime } = await say('user', 'annie', 'group', gid, { msg_body: { text: '你好', extras: { a: 1 } } });
  const heard = await tom.next('message');
  assert.deepEqual(
    [heard.from, heard.to, heard.content, heard.ts],
    [{ id: 'annie', type: 1, gid: id }, { id, type: 1 }, { media: 0, body: '你好' }, msg_ctime],
  );
  await story.settled(annie);
  assert.deepEqual(annie.heard('yourself'), [], 'the sender hears nothing of it');

  const location = { latitude: 22.5, longitude: 114, scale: 1, label: 'here' };
  await say('admin', 'boss', 'group', gid, { msg_type: 'location', msg_body: location });
  const where = await tom.next('message');
  assert.deepEqual([where.from.id, where.content], ['boss', { media: 0, body: '[location] here 22.5,114' }]);

  const { ts } = await tom.sayAndWait(text(1, id, 'from the socket', { remark: 'r' }));
  await tom.sayAndWait({ to: { id, type: 1 }, content: { media: 1, body: 'https://files.example/p.png' } });
  await tom.sayAndWait({ to: { id, type: 1 }, content: { media: 7, body: 'seven' } });
  const said = (await report(gid)).slice(2);
  assert.deepEqual(
    said.map(({ msg_type, msg_body }: Record<string, unknown>) => [msg_type, msg_body]),
    [
      ['text', { text: 'from the socket', extras: { remark: 'r' } }],
      ['text', { text: 'https://files.example/p.png' }],
      ['custom', { name: 'ml.7', data: 'seven' }],
    ],
  );
  assert.deepEqual(
    [said[0].from_type, said[0].from_id, said[0].target_type, said[0].msg_ctime, said[0].create_time],
    ['user', 'tom', 'group', ts, Math.floor(ts / 1000)],
  );
});

test('[JM-287] an admin’s word to one person is shown as the application’s own, and is in the report', async () => {
  const { msg_id } = await say('admin', 'boss', 'single', 'annie');
  const heard = await annie.next('sys', ({ content }) => content.body === 'hello');
  assert.deepEqual(heard.content, { media: 0, body: 'hello' });
  assert.ok(annie.heard('message').every(({ to }) => to.type === 1));
  assert.deepEqual(await story.history('/ctx/annie/strangers/boss/chats'), []);
  const { messages } = await ok('GET', '/v1/users/annie/messages?count=1000');
  const found = messages.find(({ msgid }: { msgid: number }) => msgid === msg_id);
  assert.deepEqual([found.from_type, found.from_id, found.target_type], ['admin', 'boss', 'single']);
});

test('[JM-288] what two say to each other is one talk at both doors', async () => {
  await story.befriend('tom', 'annie');
  await tom.sayAndWait(text(0, 'annie', 'one'));
  await say('user', 'annie', 'single', 'tom', { msg_body: { text: 'two' } });
  assert.equal((await tom.next('message', ({ content }) => content.body === 'two')).from.type, 0);
  const chats = (await story.history('/ctx/tom/friends/annie/chats')).toSorted();
  assert.deepEqual(chats, ['annie: two', 'tom: one']);
  const { messages } = await ok('GET', '/v1/users/tom/messages?count=1000');
  const talk = messages.filter(({ target_type }: { target_type: string }) => target_type === 'single');
  assert.deepEqual(
    talk.map(({ from_id, target_id, msg_body }: { from_id: string; target_id: string; msg_body: { text: string } }) => [
      from_id,
      target_id,
      msg_body.text,
    ]),
    [
      ['tom', 'annie', 'one'],
      ['annie', 'tom', 'two'],
    ],
  );
});

test('[JM-289] what is taken back vanishes from the chats, and live sessions hear of it', async () => {
  const { gid, id } = await group('annie');
  const { msg_id, msg_ctime } = await say('user', 'annie', 'group', gid);
  await say('user', 'annie', 'group', gid, { msg_body: { text: 'stays' } });
  assert.equal((await story.history(`/groups/${id}/chats`)).length, 2);
  await ok('POST', `/v1/messages/annie/${msg_id}/retract`);
  const recalled = await tom.next('recalled');
  assert.equal(recalled.ts, msg_ctime);
  assert.deepEqual(await story.history(`/groups/${id}/chats`), ['annie: stays']);
  assert.deepEqual(
    (await report(gid)).map(({ msg_body }: { msg_body: object }) => msg_body),
    [{ text: '' }, { text: 'stays' }],
  );
  const { ts } = await tom.sayAndWait(text(1, id, 'said at the socket'));
  const mine = (await report(gid)).at(-1);
  await ok('POST', `/v1/messages/tom/${mine.msgid}/retract`);
  assert.equal((await tom.next('recalled', (one) => one.ts === ts)).ts, ts);
});

test('[JM-59] [JM-61] [JM-290] members are told of every change', async () => {
  const eddie = await story.join('eddie', ext);
  const { gid, id } = await group('annie');
  assert.deepEqual((await tom.next('members', ({ group }) => group === id)).added.toSorted(), ['annie', 'tom']);
  await ok('POST', `/v1/groups/${gid}/members`, { add: ['eddie'] });
  for (const client of [tom, eddie]) {
    const { group, added } = await client.next('members', (one) => one.group === id);
    assert.deepEqual([group, added], [id, ['eddie']]);
  }
  await say('user', 'annie', 'group', gid);
  assert.equal((await eddie.next('message')).to.id, id);
  await ok('POST', `/v1/groups/${gid}/members`, { remove: ['annie'] });
  assert.deepEqual((await tom.next('members', (one) => one.group === id)).removed, ['annie']);

  await ok('DELETE', `/v1/groups/${gid}`);
  for (const client of [tom, eddie])
    assert.equal((await client.next('members', (one) => one.group === id && one.deleted)).deleted, true);
  const { groups } = await ok('GET', '/v1/groups/?count=500');
  assert.ok(!groups.includes(gid));
  for (const who of ['tom', 'eddie']) assert.ok(!(await ok('GET', `/v1/users/${who}/groups/`)).includes(gid));
  assert.equal((await tom.sayAndWait(text(1, id, 'anybody?'))).error, 5004);
});

test('[JM-291] silence and shields count at the socket', async () => {
  const { gid, id } = await group('annie', 'eddie');
  await ok('PUT', `/v1/groups/messages/${gid}/silence?status=true`, ['annie']);
  assert.equal((await annie.sayAndWait(text(1, id, 'hm'))).error, 5003);
  await ok('PUT', `/v1/groups/messages/${gid}/silence?status=false`, ['annie']);
  assert.equal((await annie.sayAndWait(text(1, id, 'hm'))).error, undefined);
  assert.deepEqual(
    (await report(gid)).map(({ from_id }: { from_id: string }) => from_id),
    ['annie'],
  );
  await ok('POST', '/v1/users/annie/groupsShield', { add: [gid] });
  await tom.sayAndWait(text(1, id, 'unheard'));
  await ok('POST', '/v1/users/annie/groupsShield', { remove: [gid] });
  await tom.sayAndWait(text(1, id, 'heard'));
  const heard = await annie.next('message', ({ to, content }) => to.id === id && content.body !== 'hm');
  assert.equal(heard.content.body, 'heard');
  assert.equal((await report(gid)).length, 3);
});

test('[JM-292] a room of one door is a room of the other', async () => {
  const people = { owner_username: 'tom', members_username: ['annie'] };
  const { chatroom_id } = await ok('POST', '/v1/chatroom', { ...people, name: 'lobby' });
  const { id } = (await world.core.store.conversations.open(world.app.no, String(chatroom_id))) as { id: string };
  await annie.sayAndWait(text(2, id, 'in the room'));
  assert.equal((await tom.next('message', ({ to }) => to.id === id)).content.body, 'in the room');
  await say('user', 'tom', 'chatroom', chatroom_id);
  assert.equal((await annie.next('message', ({ to }) => to.id === id)).from.id, 'tom');
  assert.deepEqual(
    (await report(chatroom_id)).map(({ from_id, target_type }: Record<string, string>) => [from_id, target_type]),
    [
      ['annie', 'chatroom'],
      ['tom', 'chatroom'],
    ],
  );
  const foreign = await story.room('tom', 'annie');
  const { no } = (await world.core.store.conversations.open(world.app.no, foreign)) as { no: number };
  const rooms = await ok('GET', '/v1/users/annie/chatroom');
  assert.ok(rooms.some((one: { id: number }) => one.id === no));
  await say('user', 'tom', 'chatroom', no);
  assert.equal((await annie.next('message', ({ to }) => to.id === foreign)).content.body, 'hello');
});

test('[JM-293] a group of MaxLeap has a gid, and its owner is a member', async () => {
  const id = await story.group('tom', 'annie');
  const { no } = (await world.core.store.conversations.open(world.app.no, id)) as { no: number };
  const { owner_username, members_username } = await ok('GET', `/v1/groups/${no}`);
  assert.deepEqual([owner_username, members_username], ['tom', ['annie']]);
  const members = await ok('GET', `/v1/groups/${no}/members`);
  assert.deepEqual(
    members.map(({ username, flag }: Record<string, unknown>) => [username, flag]),
    [
      ['tom', 1],
      ['annie', 0],
    ],
  );
  await ok('POST', `/v1/groups/${no}/members`, { remove: ['tom'] });
  assert.equal((await ok('GET', `/v1/groups/${no}`)).owner_username, 'annie');
});
