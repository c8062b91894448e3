// The command lines of LeanCloud's page on the REST API v2, run by a shell and by curl itself. Host, keys, ids and the
// empty values of the samples are ours; everything else is as it was printed, down to `-G` beside `-X POST -d`, by which
// curl puts the JSON into the query. Two things no machine takes today: a blank behind a backslash at the end of a line,
// and blanks in an address, which curl itself refuses; without them the lines run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { leancloud } from '../../../../test/kit/leancloud.ts';
import { openWorld, type World } from '../../../../test/kit/world.ts';

const run = promisify(execFile);
const has = (command: string) =>
  run(command, ['--version']).then(
    () => true,
    () => false,
  );
const hasCurl = await has('curl');

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const keys = String.raw`-H "X-LC-Id: {{appid}}" \
  -H "X-LC-Key: {{appkey}}" \
`;
const json = String.raw`  -H "Content-Type: application/json" \
`;
const host = 'https://{{host}}/1.2/rtm/conversations';

/** A sample as it was printed. */
const lines = {
  create: String.raw`curl -X POST \
  ${keys}${json}  -d '{"name":"My First Conversation","m": ["BillGates", "SteveJobs"]}' \
  ${host}`,
  update: String.raw`curl -X PUT \
  ${keys}${json}  -d '{"name":"Updated Conversation"}' \
  ${host}/{conv_id}`,
  delete: String.raw`curl -X DELETE \
  ${keys}  ${host}/{conv_id}`,
  add: String.raw`curl -X POST \
  ${keys}${json}  -d '{"client_ids": ["Tom", "Jerry"]}' \
  ${host}/{conv_id}/members`,
  remove: String.raw`curl -X DELETE \
  ${keys}${json}  -d '{"client_ids": ["Tom", "Jerry"]}' \
  ${host}/{conv_id}/members`,
  members: String.raw`curl -X GET \
  ${keys}  ${host}/{conv_id}/members`,
  mute: String.raw`curl -X POST \
  ${keys}${json}  -d '{"conv_id": "some-conv-id", "ttl": 50}' \
  ${host}/{conv_id}/mutes`,
  unmute: String.raw`curl -X DELETE \
  ${keys}  -G \
  --data-urlencode 'client_id=some-client-id' \
  ${host}/{conv_id}/mutes`,
  mutes: String.raw`curl -X GET \
  ${keys}  ${host}/{conv_id}/mutes`,
  send: String.raw`curl -X POST \
  ${keys}${json}  -G \
  -d '{"from_client": "", "message": ""}' \
  ${host}/{conv_id}/messages`,
  modify: String.raw`curl -X POST \
  ${keys}${json}  -G \
  -d '{"from_client": "", "message": "", "timestamp": 123}' \
  ${host}/{conv_id}/messages/{mid}`,
  recall: String.raw`curl -X POST \
  ${keys}${json}  -G \
  -d '{"from_client": "", "message": "", "timestamp": 123}' \
  ${host}/{conv_id}/messages/{mid}/recall`,
  remove1: String.raw`curl -X DELETE \
  ${keys}${json}  -G \
  --data-urlencode 'client_id=some-client-id' \
  --data-urlencode 'timestamp=123' \
  ${host}/{conv_id}/messages/{mid}`,
};

type Values = Readonly<Record<string, string>>;

/** `values`: what stands in the place of a part of the sample. */
async function shell(name: keyof typeof lines, values: Values = {}): Promise<{ status: number; body: unknown }> {
  const { app, url } = world;
  const own = { 'https://{{host}}': url, '{{appid}}': app.id, '{{appkey}}': app.clientKey, ...values };
  const line = Object.entries(own).reduce((text, [part, value]) => text.replaceAll(part, value), lines[name]);
  const { stdout } = await run('sh', ['-c', line.replace(/^curl /, `curl -s -w '\\n%{http_code}' `)]);
  const at = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(at + 1)), body: JSON.parse(stdout.slice(0, at)) };
}

test('[LC-330] the command lines of the REST page v2 work as they stand', {
  skip: hasCurl ? false : 'no curl here',
}, async () => {
  const made = (await shell('create')) as { status: number; body: { objectId: string } };
  assert.deepEqual([made.status, Object.keys(made.body)], [200, ['objectId', 'createdAt']]);
  const conv = { '{conv_id}': made.body.objectId };
  const touched = async (name: keyof typeof lines, values: Values = conv) => {
    const { status, body } = await shell(name, values);
    assert.deepEqual([status, Object.keys(body as object)], [200, ['updatedAt', 'objectId']], name);
  };
  await touched('update');
  await touched('add');
  assert.deepEqual((await shell('members', conv)).body, ['BillGates', 'SteveJobs', 'Tom', 'Jerry']);
  await touched('remove');
  assert.deepEqual((await shell('members', conv)).body, ['BillGates', 'SteveJobs']);

  // The table beside this sample asks for client_id, which the sample itself forgot.
  assert.equal((await shell('mute', conv)).status, 400);
  const client = { ...conv, '"conv_id": "some-conv-id"': '"client_id": "some-client-id"' };
  await touched('mute', client);
  assert.deepEqual((await shell('mutes', conv)).body, ['some-client-id']);
  await touched('unmute');
  assert.deepEqual((await shell('mutes', conv)).body, []);

  // Printed with empty values, which say nothing, and with blanks.
  const printed = '{"from_client": "", "message": ""}';
  await assert.rejects(shell('send', conv), { code: 3 }, 'curl itself refuses it');
  assert.equal((await shell('send', { ...conv, [printed]: printed.replaceAll(' ', '') })).status, 400);
  const words = { ...conv, [printed]: '{"from_client":"Tom","message":"hi&bye"}' };
  const sent = (await shell('send', words)) as { status: number; body: { 'msg-id': string; timestamp: number } };
  assert.deepEqual([sent.status, Object.keys(sent.body)], [200, ['msg-id', 'timestamp']]);
  const id = made.body.objectId;
  assert.equal(await dataOf(id), 'hi&bye');
  const { 'msg-id': mid, timestamp } = sent.body;
  const change = (message: string) => ({
    ...conv,
    '{mid}': mid,
    '{"from_client": "", "message": "", "timestamp": 123}': `{"from_client":"Tom","message":"${message}","timestamp":${timestamp}}`,
  });
  assert.deepEqual(await shell('modify', change('two')), { status: 200, body: { result: {} } });
  assert.equal(await dataOf(id), 'two');
  assert.deepEqual(await shell('recall', change('')), { status: 200, body: { result: {} } });
  assert.equal(await dataOf(id), '{"_lctype":-127}');
  const own = { ...conv, '{mid}': mid, 'some-client-id': 'Tom', 'timestamp=123': `timestamp=${timestamp}` };
  assert.deepEqual(await shell('remove1', own), { status: 200, body: { result: {} } });
  assert.equal(await dataOf(id), undefined);
  assert.deepEqual(await shell('delete', conv), { status: 200, body: {} });
});

async function dataOf(id: string): Promise<string | undefined> {
  const path = `/1.2/rtm/conversations/${id}/messages`;
  return (await leancloud(world)('GET', path, undefined, { master: true })).body[0]?.data;
}
