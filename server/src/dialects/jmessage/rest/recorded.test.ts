// Requests as real clients send them, to the byte: what their HTTP libraries do with methods, lengths, types and slashes.
// Each client's own oddities are named where they are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jm, type RawAnswer, register, registerAdmin, sendBytes } from '../../../../test/kit/jmessage.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await register(world, 'tom', 'annie', 'eddie');
  await registerAdmin(world, 'boss');
});
after(() => world.close());

const host = 'Host: api.im.jpush.cn';
const auth = 'Authorization: {auth}';

/** `python`: `requests`, with a type that is none; a body of length 0 on DELETE. */
const python = (line: string, body?: string) =>
  send(
    `${line} HTTP/1.1\n${host}\nuser-agent: jpush-api-python-client\nAccept-Encoding: gzip, deflate\nAccept: */*
connection: keep-alive\ncontent-type: application/json;charset:utf-8\nContent-Length: ${bytes(body)}\n${auth}`,
    body,
  );

/** `java`: HttpURLConnection; no length and no body where it writes none. */
const java = (line: string, body?: string) =>
  send(
    `${line} HTTP/1.1\nAccept-Charset: UTF-8\nCharset: UTF-8\n${auth}
Content-Type: application/json\nUser-Agent: JPush-API-Java-Client\n${host}
Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2${body === undefined ? '' : `\nContent-Length: ${bytes(body)}`}`,
    body,
  );

/** `node`: \`{}\` on everything but GET, a header of its own, and no User-Agent. */
const node = (line: string, body = line.startsWith('GET') ? undefined : '{}') =>
  send(
    `${line} HTTP/1.1\nrequest-time: 1772328600123\n${auth}\n${host}\naccept: application/json${
      body === undefined ? '' : `\ncontent-type: application/json\ncontent-length: ${bytes(body)}`
    }`,
    body,
  );

/** `php`: curl; asks before bodies above 1 KiB. */
const php = (line: string, body = '') =>
  send(
    `${line} HTTP/1.1\n${host}\n${auth}\nUser-Agent: JMessage-Api-PHP-Client\nAccept: */*
Content-Type: application/json\n${body.length > 1024 ? 'Expect: 100-continue\n' : ''}Content-Length: ${bytes(body)}`,
    body,
  );

/** `c#`: HttpClient; empty texts as bodies, capital flags, no User-Agent. */
const csharp = (line: string, body = '') =>
  send(
    `${line} HTTP/1.1\n${host}\n${auth}\nAccept: application/json
Content-Type: text/plain; charset=utf-8\nContent-Length: ${bytes(body)}`,
    body,
  );

const bytes = (body = '') => Buffer.byteLength(body);
const send = (head: string, body?: string): Promise<RawAnswer> => sendBytes(world, head, body);

/** Answers `status`, and that it has no body. */
async function bare(answer: Promise<RawAnswer>, status = 204): Promise<void> {
  const { status: is, text } = await answer;
  assert.deepEqual([is, text], [status, '']);
}

test('[JM-214] [JM-6] [JM-7] python', async () => {
  const created = await python(
    'POST /v1/users/',
    '[{"username": "py_1", "password": "password", "appkey": "ignored"}]',
  );
  assert.deepEqual([created.status, created.body], [201, [{ username: 'py_1' }]]);
  const again = await python('POST /v1/users/', '[{"username": "py_1", "password": "password"}]');
  assert.deepEqual([again.status, again.body[0].error.code], [403, 899001]);
  const admin = await python('POST /v1/admins/', '{"username": "py_admin", "password": "password"}');
  assert.equal(admin.status, 201);
  const list = await python('GET /v1/users/?start=0&count=2');
  assert.equal(typeof list.body.users[0], 'object');
  await bare(python('PUT /v1/users/py_1/password', '{"new_password": "654321"}'));
  await bare(python('PUT /v1/users/py_1', '{"username": "py_1", "nickname": "\\u9e3f", "password": "x"}'));
  assert.equal((await python('GET /v1/users/py_1')).body.nickname, '鸿');
  assert.equal((await python('GET /v1/users/py_1/blacklist', 'annie')).status, 200);
  assert.equal((await python('PUT /v1/users/py_1/blacklist', 'annie')).body.error.code, 899003);
  await bare(python('DELETE /v1/users/py_1'));
});

test('[JM-214] [JM-8] [JM-203] java', async () => {
  const created = await java(
    'POST /v1/users',
    '[{"username":"java_1","password":"password"},{"username":"java_2","password":"password"}]',
  );
  assert.deepEqual([created.status, created.body], [201, [{ username: 'java_1' }, { username: 'java_2' }]]);
  assert.match(created.head, /\r\ncontent-type: application\/json; charset=utf-8/i);
  assert.equal((await java('POST /v1/admins', '{"username":"java_admin","password":"password"}')).status, 201);
  const { body } = await java('GET /v1/users?start=0&count=2');
  assert.deepEqual([body.count, typeof body.users[1].username], [2, 'string']);
  assert.equal((await java('GET /v1/admins?start=0&count=1')).body.count, 1);
  await bare(java('PUT /v1/users/java_1/forbidden?disable=true'));
  await bare(java('PUT /v1/users/java_1/forbidden?disable=false'));
  await bare(java('POST /v1/users/java_1/nodisturb', '{"single":{"add":["annie"],"remove":[]},"global":1}'));
  await bare(java('POST /v1/users/java_1/friends', '["java_2"]'), 201);
  await bare(java('PUT /v1/users/java_1/friends', '[{"note_name":"J","others":"o","username":"java_2"}]'));
  await bare(java('DELETE /v1/users/java_1/friends', '["java_2"]'));
  await bare(java('PUT /v1/users/java_1/blacklist', '["java_2"]'));
  assert.equal((await java('GET /v1/users/java_1/blacklist')).body[0].username, 'java_2');
  await bare(java('DELETE /v1/users/java_1/blacklist', '["java_2"]'));
  const page = await java('GET /v1/sensitiveword?start=0&count=10&begin_time=2020-01-01+00%3A00%3A00');
  assert.deepEqual(page.body.words, []);
  await bare(java('PUT /v1/sensitiveword/status?status=1'));
  const gone = await java('DELETE /v1/users/', '["java_1","java_2"]');
  assert.deepEqual([gone.status, gone.body], [200, {}]);
});

test('[JM-214] [JM-44] [JM-97] [JM-111] node', async () => {
  const created = await node('POST /v1/users/', '[{"username":"node_1","password":"123456"}]');
  assert.equal(created.status, 201);
  assert.equal(typeof (await node('GET /v1/users/?count=2&start=0')).body.users[0], 'object');
  const { body } = await node('POST /v2/users/userstat', '["node_1"]');
  assert.deepEqual(body, [{ username: 'node_1', devices: [], statuscode: 0 }]);
  await bare(node('PUT /v1/users/node_1/nodisturb?disable=true'));
  await bare(node('PUT /v1/users/node_1/nodisturb?disable=false'));
  await bare(node('PUT /v1/sensitiveword/status', '{"status":1}'));
  await bare(node('PUT /v1/sdkregister/status', '{"status":1}'));
  await bare(node('POST /v1/sensitiveword/', '["spam"]'));
  await bare(node('DELETE /v1/sensitiveword/', '["spam"]'));
  const all = await node('DELETE /v1/users/');
  assert.deepEqual([all.status, all.body.error.code], [400, 899003]);
  const list = await node('PUT /v1/users/node_1/blacklist');
  assert.deepEqual([list.status, list.body.error.code], [400, 899003]);
  assert.equal((await node('GET /v1/messages/node_1')).body.error.code, 800008);
  await bare(node('DELETE /v1/users/node_1'));
  const nobody = await send(`GET /v1/users/tom HTTP/1.1\n${host}\nAuthorization: \nrequest-time: 1`);
  assert.deepEqual([nobody.status, nobody.body.error.code], [401, 899007]);
});

test('[JM-214] [JM-10] php', async () => {
  const long = JSON.stringify([
    { username: 'php_1', password: 'password', signature: 'x'.repeat(240), foo: 'x'.repeat(1024) },
  ]);
  const created = await php('POST /v1/users/', long);
  assert.deepEqual([created.status, created.body], [201, [{ username: 'php_1' }]]);
  assert.equal((await php('GET /v1//users/php_1')).status, 200);
  assert.equal(typeof (await php('GET /v1/users/?start=0&count=1')).body.users[0], 'object');
  await bare(php('DELETE /v1/users/php_1/'));
});

test('[JM-214] [JM-101] c#', async () => {
  await bare(csharp('PUT /v1/users/eddie/forbidden?disable=True'));
  await bare(csharp('PUT /v1/users/eddie/forbidden?disable=False'));
  await bare(csharp('POST /v1/users/eddie/friends', '["annie"]'), 201);
  await bare(csharp('PUT /v1/users/eddie/friends', '{"note_name":"Ann","others":"","username":"annie"}'));
  const [friend] = (await jm(world, 'GET', '/v1/users/eddie/friends')).body;
  assert.deepEqual([friend.note_name, friend.username], ['Ann', 'annie']);
  assert.equal(typeof (await csharp('GET /v1/users?start=0&count=1')).body.users[0], 'object');
});
