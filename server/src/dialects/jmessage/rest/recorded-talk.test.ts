// Requests of groups, rooms, messages and reports as real clients send them, to the byte.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, register, registerAdmin, sendBytes } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
});
after(() => world.close());

const length = (body: string) => `Content-Length: ${Buffer.byteLength(body)}`;
const common = 'Host: api.im.jpush.cn\nAuthorization: {auth}';
/** `java`: no length where there is no body; its own type and agent. */
const java = (line: string, body?: string) =>
  sendBytes(
    world,
    `${line} HTTP/1.1\nUser-Agent: JPush-API-Java-Client\n${common}\nContent-Type: application/json\nAccept: text/html, image/gif, *; q=.2${body === undefined ? '' : `\n${length(body)}`}`,
    body,
  );
/** `python`: a type that is none. */
const python = (line: string, body = '') =>
  sendBytes(
    world,
    `${line} HTTP/1.1\nuser-agent: jpush-api-python-client\n${common}\ncontent-type: application/json;charset:utf-8\n${length(body)}`,
    body,
  );
/** `node`: \`{}\` where nothing is needed. */
const node = (line: string, body = '{}') =>
  sendBytes(
    world,
    `${line} HTTP/1.1\nrequest-time: 1772328600123\n${common}\ncontent-type: application/json\n${length(body)}`,
    body,
  );
const php = (line: string, body = '') =>
  sendBytes(
    world,
    `${line} HTTP/1.1\nUser-Agent: JMessage-Api-PHP-Client\n${common}\nContent-Type: application/json\n${length(body)}`,
    body,
  );
const csharp = (line: string, body = '') =>
  sendBytes(world, `${line} HTTP/1.1\n${common}\nContent-Type: text/plain; charset=utf-8\n${length(body)}`, body);

const message = {
  version: 1,
  target_type: 'single',
  target_id: 'tom',
  from_type: 'admin',
  from_id: 'boss',
  msg_type: 'text',
  msg_body: { text: 'hi' },
};

test('[JM-214] [JM-51] [JM-64] [JM-91] java', async () => {
  const made = await java(
    'POST /v1/groups',
    '{"owner_username":"tom","name":"java","members_username":["annie"],"desc":"","flag":0}',
  );
  assert.deepEqual([made.status, made.body.flag], [201, 1]);
  const { gid } = made.body;
  assert.equal((await java(`POST /v1/groups/${gid}/members`, '{"add":["eddie"],"remove":[]}')).status, 204);
  assert.equal(
    (await java(`PUT /v1/groups/owner/${gid}`, `{"username":"annie","appKey":"${world.app.id}"}`)).status,
    204,
  );
  assert.equal(typeof (await java('GET /v1/groups?start=0&count=1')).body.groups[0], 'object');
  const sent = await java(
    'POST /v1/messages',
    JSON.stringify({ ...message, no_offline: false, no_notification: false }),
  );
  assert.equal(sent.status, 201);
  assert.equal((await java(`POST /v1/messages/boss/${sent.body.msg_id}/retract`)).status, 204);
  const range = 'begin_time=2020-01-01+00%3A00%3A00&end_time=2020-01-02+00%3A00%3A00';
  assert.deepEqual((await java(`GET /v2/messages?count=10&${range}`)).body, { total: 0, count: 0, messages: [] });
  assert.equal((await java(`PUT /v1/chatroom/${gid}/members`, 'Members{add=[annie]}')).body.error.code, 899003);
});

test('[JM-214] [JM-75] [JM-77] python', async () => {
  const made = await python(
    'POST /v1/groups/',
    '{"owner_username":"tom","name":"python","members_username":[],"desc":"x"}',
  );
  assert.equal(made.status, 201);
  const { gid } = made.body;
  assert.equal((await python(`PUT /v1/groups/${gid}`, JSON.stringify({ ...made.body, name: 'snake' }))).status, 204);
  assert.equal((await python(`GET /v1/groups/${gid}`)).body.name, 'snake');
  assert.equal((await python('POST /v1/messages', JSON.stringify(message))).status, 201);
  assert.equal((await python(`DELETE /v1/groups/${gid}`)).status, 204);
  assert.equal((await python(`GET /v1/groups/${gid}`)).body.error.code, 899006);
});

test('[JM-214] [JM-52] php', async () => {
  const made = await php(
    'POST /v1/groups',
    '{"owner_username":"tom","name":"php","desc":null,"members_username":["annie"],"avatar":null,"flag":null}',
  );
  assert.equal(made.status, 201);
  assert.equal((await php('GET /v1//users/tom/messages?start=0&count=1')).status, 200);
  const today = new Date().toISOString().slice(0, 10);
  assert.equal((await php(`GET /v2//statistic/messages?time_unit=DAY&start=${today}&duration=1`)).status, 200);
});

test('[JM-214] [JM-90] node', async () => {
  const made = await node('POST /v1/groups/', '{"owner_username":"tom","name":"node","members_username":["annie"]}');
  assert.equal(made.status, 201);
  assert.equal((await node(`DELETE /v1/groups/${made.body.gid}`)).status, 204);
  const sent = await node('POST /v1/messages/', JSON.stringify(message));
  assert.equal(sent.status, 201);
  assert.equal((await node(`POST /v1/messages/boss/${sent.body.msg_id}/retract`)).status, 204);
  const room = await node(
    'POST /v1/chatroom/',
    '{"name":"node","owner_username":"tom","members_username":["annie"],"flag":1}',
  );
  assert.equal(room.status, 201);
  assert.equal((await node(`PUT /v1/chatroom/${room.body.chatroom_id}/forbidden/annie?status=1`)).status, 204);
  assert.equal((await node(`DELETE /v1/chatroom/${room.body.chatroom_id}`)).status, 204);
});

test('[JM-214] [JM-118] c#', async () => {
  const made = await csharp('POST /v1/groups', '{"owner_username":"tom","name":"c#","members_username":["annie"]}');
  assert.equal(made.status, 201);
  const { gid } = made.body;
  assert.equal(typeof (await csharp('GET /v1/groups/?start=0&count=1')).body.groups[0], 'number');
  assert.equal(
    (await csharp(`POST /v1/cross/groups/${gid}/members`, `{"appkey":"${world.app.id}","add":["eddie"]}`)).status,
    204,
  );
  assert.equal((await jm(world, 'GET', `/v1/groups/${gid}/members`)).body.length, 3);
});

test('[JM-214] [JM-117] a raw blank in the request line is refused before any route, and the server goes on', async () => {
  const { status } = await java('GET /v2/statistic/messages?time_unit=HOUR&start=2026-01-01 00&duration=1');
  assert.equal(status, 400);
  assert.equal((await java('GET /v1/users/tom')).status, 200);
});
