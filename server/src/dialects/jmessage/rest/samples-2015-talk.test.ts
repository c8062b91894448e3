// The other half of the vendor's page of April 2015: groups and messages, its samples as they stand. Quotes and commas that
// no JSON parser takes are set right.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, register } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
let gid: number;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'eddie', 'annie', 'javen', 'fang', 'test1', 'test2');
});
after(() => world.close());

/** Plain HTTP of that time: no library's name, and no type. */
const headers = { 'user-agent': 'curl/7.35.0' };
const call = (method: string, path: string, raw?: string) => jm(world, method, path, undefined, { headers, raw });
const without = (object: Record<string, unknown>, ...keys: string[]) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
const later = ['gid', 'name', 'desc', 'appkey', 'MaxMemberCount', 'level', 'flag', 'mtime', 'ctime'];

test('[JM-211] a group is made and shown', async () => {
  const body = `{
    "owner_username": "tom", 
    "group_name": "泡否", 
    "members_username": ["eddie", "annie"], 
    "group_desc": "你懂的。。。"
}`;
  const made = await call('POST', '/v1/groups/', body);
  assert.equal(made.status, 201);
  gid = made.body.gid;
  assert.ok(Number.isInteger(gid));
  assert.deepEqual(without(made.body, ...later), JSON.parse(body));
  const shown = await call('GET', `/v1/groups/${gid}`);
  assert.deepEqual([shown.status, shown.body], [200, made.body]);
});

test('[JM-211] members come and go, and are listed', async () => {
  const { status, text } = await call(
    'POST',
    `/v1/groups/${gid}/members`,
    `{    
    "add":[
        "test1", "test2"
    ],
    "remove":[
        "eddie"
    ]
}`,
  );
  assert.deepEqual([status, text], [204, '']);
  const members = await call('GET', `/v1/groups/${gid}/members/`);
  assert.deepEqual(
    members.body.map((one: Record<string, unknown>) => [one.username, one.flag]),
    [
      ['tom', 1],
      ['annie', 0],
      ['test1', 0],
      ['test2', 0],
    ],
  );
  for (const { ctime } of members.body) assert.match(ctime, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
});

test('[JM-211] lists of groups hold their numbers', async () => {
  const mine = await call('GET', '/v1/users/test1/groups/');
  assert.deepEqual([mine.status, mine.body], [200, [gid]]);
  const all = await call('GET', '/v1/groups/?start=0&count=100');
  assert.deepEqual(all.body, { total: 1, start: 0, count: 1, groups: [gid] });
});

test('[JM-211] a message of a user', async () => {
  const sample = `{
	"version": 1, 
	"target_type": "single",
	"target_id": "javen",
	"target_name": "Javen Fang",
	"from_type": "user",
	"from_id": "fang", 
	"from_name": "Fang Javen", 
	"create_time": 135431243278,
	"msg_type": "text",
	"msg_body": {
	    "extras": {},
		"text": "Hello, JMessage!"	
	}
}`;
  const sent = await call('POST', '/v1/messages', sample);
  assert.equal(sent.status, 200);
  assert.ok(Number.isInteger(sent.body.msg_id));
  const [kept] = (await call('GET', '/v1/messages')).body.messages;
  const asked = JSON.parse(sample);
  assert.deepEqual(
    Object.fromEntries(Object.keys(asked).map((key) => [key, kept[key]])),
    asked,
    'every key is kept as it was sent',
  );
});

test('[JM-211] a group is deleted', async () => {
  const { status, text } = await call('DELETE', `/v1/groups/${gid}`);
  assert.deepEqual([status, text], [204, '']);
  assert.equal((await call('GET', `/v1/groups/${gid}`)).body.error.code, 899006);
});
