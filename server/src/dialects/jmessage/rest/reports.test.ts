// Reports and statistics, case by case.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, refusedJm, register, registerAdmin } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';
import { toTime } from '../times.ts';

let world: World;
let gid: number;
let room: number;
const ids: Record<string, number> = {};
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
  const people = { owner_username: 'tom', members_username: ['annie'] };
  gid = (await jm(world, 'POST', '/v1/groups', { ...people, name: 'hikers' })).body.gid;
  room = (await jm(world, 'POST', '/v1/chatroom', { ...people, name: 'lobby' })).body.chatroom_id;
  ids.toAnnie = await say('tom', 'single', 'annie');
  ids.toTom = await say('annie', 'single', 'tom');
  ids.toEddie = await say('tom', 'single', 'eddie', { msg_type: 'custom', msg_body: { a: 1 } });
  ids.group = await say('annie', 'group', gid);
  ids.room = await say('tom', 'chatroom', room);
});
after(() => world.close());

async function say(from_id: string, target_type: string, target_id: string | number, more: object = {}) {
  const basic = { version: 1, from_type: 'user', msg_type: 'text', msg_body: { text: 'hi' } };
  const answer = await jm(world, 'POST', '/v1/messages', { ...basic, from_id, target_type, target_id, ...more });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.msg_id;
}

const at = (offsetMs: number) => toTime(world.clock.now() + offsetMs, 'Asia/Shanghai').replace(' ', '%20');
const dayMs = 86_400_000;
const week = (count = 1000) => `count=${count}&begin_time=${at(-6 * dayMs)}&end_time=${at(60_000)}`;
const get = (path: string) => jm(world, 'GET', path);
const idsIn = (page: { messages: { msgid: number }[] }) => page.messages.map(({ msgid }) => msgid);
const all = () => [ids.toAnnie, ids.toTom, ids.toEddie, ids.group, ids.room];

test('[JM-116] [JM-274] a report by offset', async () => {
  const { status, body } = await get('/v1/messages?start=0&count=10');
  assert.equal(status, 200);
  assert.deepEqual([body.total, body.start, body.count], [5, 0, 5]);
  assert.deepEqual(idsIn(body), all());
  for (let start = 0; start < 6; start++) {
    const page = (await get(`/v1/messages/?start=${start}&count=2`)).body;
    assert.deepEqual([page.total, page.start, page.count], [5, start, page.messages.length]);
    assert.deepEqual(idsIn(page), all().slice(start, start + 2));
  }
  assert.deepEqual((await get(`/v1/messages?end_time=${at(-dayMs)}`)).body.total, 0);
  assert.deepEqual((await get(`/v1/messages?begin_time=${at(-dayMs)}`)).body.total, 5);
  for (const query of [
    'count=1001',
    'count=0',
    'start=-1',
    'begin_time=x',
    'end_time=2026-02-30',
    `begin_time=${at(0)}&end_time=${at(-dayMs)}`,
  ])
    refusedJm(await get(`/v1/messages?${query}`), 400, 899003);
});

test('[JM-275] what concerns a user, a group, a room', async () => {
  for (const path of ['/v1/users/tom/messages', `/v2/users/tom/messages?${week()}`]) {
    const { body } = await get(path);
    assert.deepEqual(idsIn(body), [ids.toAnnie, ids.toTom, ids.toEddie, ids.room], path);
    assert.equal(body.total, 4);
  }
  assert.deepEqual(idsIn((await get('/v1//users/eddie/messages')).body), [ids.toEddie]);
  const paged = [];
  for (let start = 0; start < 4; start++)
    paged.push(...idsIn((await get(`/v1/users/tom/messages?start=${start}&count=1`)).body));
  assert.deepEqual(paged, [ids.toAnnie, ids.toTom, ids.toEddie, ids.room]);
  const group = (await get(`/v2/groups/${gid}/messages/?${week()}`)).body;
  assert.deepEqual([group.total, group.count, idsIn(group)], [1, 1, [ids.group]]);
  assert.deepEqual(
    [group.messages[0].target_type, group.messages[0].target_id, group.messages[0].from_id],
    ['group', String(gid), 'annie'],
  );
  const inRoom = (await get(`/v2/chatrooms/${room}/messages?${week()}`)).body;
  assert.deepEqual([inRoom.total, idsIn(inRoom), inRoom.messages[0].target_type], [1, [ids.room], 'chatroom']);
  refusedJm(await get('/v1/users/ghost/messages'), 403, 899002);
  refusedJm(await get(`/v2/users/ghost/messages?${week()}`), 403, 899002);
  refusedJm(await get(`/v2/groups/${room}/messages?${week()}`), 403, 899006);
  refusedJm(await get(`/v2/groups/x/messages?${week()}`), 400, 899003);
  refusedJm(await get(`/v2/chatrooms/${gid}/messages?${week()}`), 403, 899081);
});

test('[JM-114] a report by cursor', async () => {
  const first = (await get(`/v2/users/annie/messages?${week(1)}`)).body;
  assert.deepEqual([first.total, first.count, typeof first.cursor], [3, 1, 'string']);
  const seen = idsIn(first);
  let { cursor } = first;
  while (cursor) {
    const { body } = await get(`/v2/users/annie/messages?cursor=${encodeURIComponent(cursor)}`);
    assert.deepEqual([body.total, body.count], [3, 1]);
    seen.push(...idsIn(body));
    cursor = body.cursor;
  }
  assert.deepEqual(seen, [ids.toAnnie, ids.toTom, ids.group]);
  assert.equal(first.cursor.length < 1024, true);
  const whole = (await get(`/v2/messages?${week()}`)).body;
  assert.deepEqual([whole.total, whole.count, 'cursor' in whole], [5, 5, false]);
  assert.deepEqual(idsIn((await get(`/v2/messages?${week(5)}`)).body), all());
  assert.equal('cursor' in (await get(`/v2/messages?${week(5)}`)).body, false);
  for (const path of [
    `/v2/users/tom/messages?cursor=${first.cursor}`,
    `/v2/messages?cursor=${first.cursor}`,
    `/v2/users/annie/messages?cursor=${first.cursor}x`,
    `/v2/users/annie/messages?cursor=x${first.cursor}`,
    '/v2/users/annie/messages?cursor=abc',
    '/v2/users/annie/messages?cursor=a.b',
  ])
    refusedJm(await get(path), 400, 899003);
  assert.equal((await get(`/v2/users/annie/messages?cursor=${first.cursor}`)).status, 200);
  world.clock.advance(121_000);
  refusedJm(await get(`/v2/users/annie/messages?cursor=${first.cursor}`), 400, 899003);
});

test('[JM-115] ranges', async () => {
  const range = (begin: number, end: number) =>
    get(`/v2/messages?count=10&begin_time=${at(begin)}&end_time=${at(end)}`);
  refusedJm(await range(-8 * dayMs, 0), 400, 899003);
  refusedJm(await range(0, -1_000), 400, 899003);
  assert.equal((await range(-7 * dayMs, 0)).status, 200);
  const old = await get('/v2/messages?count=10&begin_time=2015-01-01+00%3A00%3A00&end_time=2015-01-02 00:00:00');
  assert.deepEqual([old.status, old.body], [200, { total: 0, count: 0, messages: [] }]);
  for (const query of [
    '',
    'count=10',
    `count=10&begin_time=${at(0)}`,
    `begin_time=${at(-dayMs)}&end_time=${at(0)}`,
    week(0),
    week(1001),
  ])
    refusedJm(await get(`/v2/messages?${query}`), 400, 899003);
});

test('[JM-276] a report goes back as far as the app allows', async () => {
  world.clock.advance(3 * dayMs);
  const said = await say('tom', 'single', 'annie');
  await world.set({ 'jmessage.historyDays': 1 });
  assert.deepEqual(idsIn((await get('/v1/messages')).body), [said]);
  await world.set({ 'jmessage.historyDays': 60 });
  assert.equal((await get('/v1/messages')).body.total, 6);
});

test('[JM-277] what was said in a deleted group is still reported', async () => {
  const { gid: doomed } = (await jm(world, 'POST', '/v1/groups', { owner_username: 'tom', name: 'x' })).body;
  const said = await say('tom', 'group', doomed);
  await jm(world, 'DELETE', `/v1/groups/${doomed}`);
  assert.deepEqual(idsIn((await get(`/v2/groups/${doomed}/messages?${week()}`)).body), [said]);
  const { messages } = (await get('/v1/users/tom/messages?start=5')).body;
  assert.deepEqual([messages.at(-1).msgid, messages.at(-1).target_id], [said, String(doomed)]);
  refusedJm(await jm(world, 'POST', `/v1/messages/tom/${said}/retract`), 403, 855003);
});

const day = (offset: number) => toTime(world.clock.now() + offset * dayMs, 'Asia/Shanghai').slice(0, 10);

test('[JM-117] statistics by day', async () => {
  const ask = (what: string, more = '') =>
    get(`/v2/statistic/${what}?time_unit=DAY&start=${day(-2)}&duration=3${more}`);
  const users = (await ask('users')).body;
  assert.deepEqual(
    users.map(({ date }: { date: string }) => date),
    [day(-2), day(-1), day(0)],
  );
  for (const row of users) {
    assert.deepEqual(Object.keys(row), ['date', 'active_users', 'total_users', 'send_msg_users', 'new_users']);
    for (const key of Object.keys(row).slice(1)) assert.ok(Number.isInteger(row[key]));
  }
  assert.equal(users[2].total_users, 4);
  assert.equal(users[2].send_msg_users, 1);
  const groups = (await ask('groups')).body;
  assert.equal(groups.length, 3);
  assert.deepEqual(Object.keys(groups[0]), ['date', 'active_group', 'total_group', 'new_group']);
  assert.equal(groups[2].new_group, 1);
});

test('[JM-117] [JM-278] statistics of messages by hour, day and month', async () => {
  await say('tom', 'single', 'annie', {
    msg_type: 'image',
    msg_body: { media_id: 'x', media_crc32: 1, width: 1, height: 1, fsize: 1 },
  });
  await say('tom', 'group', gid);
  const today = day(0);
  const ask = async (unit: string, start: string, duration: number) =>
    (await get(`/v2//statistic/messages?time_unit=${unit}&start=${start}&duration=${duration}`)).body;
  const days = await ask('DAY', today, 1);
  assert.deepEqual(days, {
    send_msg_stat: [{ time: today, group_send_msg: 2, single_send_msg: 2 }],
    group_msg_stat: { txt_msg: 2, image_msg: 0, voice_msg: 0, other_msg: 0 },
    single_msg_stat: { txt_msg: 1, image_msg: 1, voice_msg: 0, other_msg: 0 },
  });
  const hours = await ask('HOUR', `${today}%2000`, 24);
  assert.equal(hours.send_msg_stat.length, 24);
  assert.equal(hours.send_msg_stat[9].time, `${today} 09`);
  assert.deepEqual(hours.single_msg_stat, days.single_msg_stat);
  const months = await ask('MONTH', '2025-12', 2);
  assert.deepEqual(
    months.send_msg_stat.map(({ time }: { time: string }) => time),
    ['2025-12', '2026-01'],
  );
  assert.deepEqual((await ask('DAY', today, 0)).send_msg_stat, []);
});

test('[JM-278] statistics that cannot be', async () => {
  const wrong = {
    users: ['time_unit=HOUR&start=2026-01-01 00&duration=1', 'time_unit=DAY&start=2026-01-01&duration=61'],
    groups: ['time_unit=DAY&start=2026-02-30&duration=1', 'time_unit=DAY&start=2026-01-01'],
    messages: [
      'time_unit=WEEK&start=2026-01-01&duration=1',
      'time_unit=HOUR&start=2026-01-01&duration=1',
      'time_unit=HOUR&start=2026-01-01 24&duration=1',
      'time_unit=HOUR&start=2026-01-01 00&duration=25',
      'time_unit=MONTH&start=2026-01&duration=3',
      'time_unit=MONTH&start=2026-13&duration=1',
      'time_unit=DAY&start=2026-01-01&duration=-1',
      'start=2026-01-01&duration=1',
    ],
  };
  for (const [what, queries] of Object.entries(wrong))
    for (const query of queries) refusedJm(await get(`/v2/statistic/${what}?${query}`), 400, 899003);
});
