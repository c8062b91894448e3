// The command lines of MaxLeap's REST page of April 2016, run by curl itself: the same headers on every line, also
// where there is no body; only host, keys and ids are ours.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { done, inGroup, talk, to } from '../../../../test/kit/rest.ts';
import { openWorld, signOf, type World } from '../../../../test/kit/world.ts';

const run = promisify(execFile);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

let world: World;
let group: string;
let room: string;
let passenger: string;

before(async () => {
  world = await openWorld();
  for (const id of ['testuser1', 'testuser2', 'testuser3', 'baz'])
    done(await world.rest('POST', `/ctx/${id}/attributes`, {}));
  group = done(
    await world.rest('POST', '/groups', { owner: 'testuser1', attributes: { name: 'test group', company: 'maxleap' } }),
  );
  room = done(await world.rest('POST', '/rooms', { members: ['testuser1'], attributes: { company: 'maxleap' } }));
  passenger = done(await world.rest('POST', '/passengers', {}));
});
after(() => world.close());

type Line = readonly [method: string, path: () => string, status: number, data?: string];

const lines: readonly Line[] = [
  ['GET', () => '/ctx/testuser1', 200],
  ['POST', () => '/ctx/testuser1/attributes', 201, '{"name": "隔壁老王","age": 46,"gender": "male"}'],
  ['PUT', () => '/ctx/testuser1/attributes', 201, '{"name": "隔壁老李"}'],
  ['GET', () => '/ctx/testuser1/attributes', 200],
  ['GET', () => '/ctx/testuser1/attributes/name', 200],
  ['DELETE', () => '/ctx/testuser1/attributes', 204],
  ['POST', () => '/ctx/testuser1/friends/testuser2', 200],
  ['GET', () => '/ctx/testuser1/friends/testuser2', 200],
  ['GET', () => '/ctx/testuser1/friends/testuser2/chats', 200],
  ['GET', () => '/ctx/testuser1/friends?detail', 200],
  ['DELETE', () => '/ctx/testuser1/friends/testuser2', 204],
  ['GET', () => '/ctx/testuser1/groups?detail', 200],
  ['GET', () => '/ctx/testuser1/rooms?detail', 200],
  ['POST', () => '/groups', 200, '{"owner": "testuser1","members": ["testuser2"]}'],
  ['GET', () => '/groups?company=maxleap', 200],
  ['GET', () => `/groups/${group}`, 200],
  ['PUT', () => `/groups/${group}`, 201, '{"owner": "baz"}'],
  ['POST', () => `/groups/${group}/attributes`, 201, '{"company": "maxleap","star": 5}'],
  ['GET', () => `/groups/${group}/attributes`, 200],
  ['GET', () => `/groups/${group}/attributes/name`, 200],
  ['PUT', () => `/groups/${group}/attributes`, 201, '{"flag": "Game"}'],
  ['DELETE', () => `/groups/${group}/attributes`, 204],
  ['POST', () => `/groups/${group}/members`, 201, '{"members": ["testuser3"]}'],
  ['DELETE', () => `/groups/${group}/members`, 204, '{"members": ["testuser3"]}'],
  ['GET', () => `/groups/${group}/chats`, 200],
  ['DELETE', () => `/groups/${group}/chats`, 204],
  ['DELETE', () => `/groups/${group}`, 204],
  ['POST', () => '/rooms', 200, '{"name": "room_test","members": ["testuser1","testuser2"]}'],
  ['GET', () => '/rooms', 200],
  ['GET', () => `/rooms/${room}`, 200],
  ['POST', () => `/rooms/${room}/attributes`, 201, '{"company": "maxleap","star": 5}'],
  ['GET', () => `/rooms/${room}/attributes/company`, 200],
  ['PUT', () => `/rooms/${room}/attributes`, 201, '{"rate": "100%"}'],
  ['GET', () => `/rooms/${room}/attributes`, 200],
  ['DELETE', () => `/rooms/${room}/attributes`, 204],
  ['POST', () => `/rooms/${room}/members`, 201, '{"members": ["testuser3"]}'],
  ['DELETE', () => `/rooms/${room}/members`, 204, '{"members": ["testuser3"]}'],
  ['DELETE', () => `/rooms/${room}`, 204],
  ['POST', () => '/passengers', 200, '{"name": "王尼玛"}'],
  ['GET', () => `/passengers/${passenger}`, 200],
  ['GET', () => `/passengers/${passenger}/chats/testuser1`, 200],
  ['POST', () => '/system', 202, '{"content": {"media": 0,"body": "hello all!"}}'],
  ['POST', () => '/system/testuser1', 202, '{"content":{"media": 0,"body": "hello!"}}'],
];

async function curl(
  method: string,
  path: string,
  type: string,
  more: string[],
): Promise<{ status: number; text: string }> {
  const marker = '\n%{http_code}';
  const headers = [
    `X-ML-AppId: ${world.app.id}`,
    `X-ML-Request-Sign: ${signOf(world.app.clientKey, 1456373078542)}`,
    `Content-Type: ${type}`,
  ];
  const args = [
    '-s',
    '-w',
    marker,
    '-X',
    method,
    ...headers.flatMap((header) => ['-H', header]),
    ...more,
    world.url + path,
  ];
  const { stdout } = await run('curl', args);
  const at = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
}

test('[ML-265] the command lines of the REST page work as they stand', {
  skip: hasCurl ? false : 'no curl here',
}, async () => {
  await talk(world, 'testuser1', to('testuser2'), 'Hello!');
  await talk(world, 'testuser1', inGroup(group), 'hello everyone.');
  for (const [method, path, status, data] of lines) {
    const answer = await curl(method, path(), 'application/json', data === undefined ? [] : ['-d', data]);
    assert.equal(answer.status, status, `${method} ${path()}: ${answer.text}`);
    if (status !== 204) JSON.parse(answer.text);
  }
});

test('[ML-266] its two upload lines work, odd headers and all', {
  skip: hasCurl ? false : 'no curl here',
}, async () => {
  const file = ['-F', `attachment=@${import.meta.filename}`];
  for (const type of ['multipart/form-data;', 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW']) {
    const answer = await curl('POST', '/attachment', type, file);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(JSON.parse(answer.text).length, 1);
  }
});
