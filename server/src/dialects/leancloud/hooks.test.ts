import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, beforeEach, it } from 'node:test';
import { eventually } from '../../../test/kit/eventually.ts';
import { leancloud } from '../../../test/kit/leancloud.ts';
import { openWorld } from '../../../test/kit/world.ts';
import { ImError } from '../../core/errors.ts';
import { socketAnswer } from './errors.ts';

type Asked = { name: string; params: Record<string, unknown>; key: unknown };
let asked: Asked[] = [];
/** What the application's server answers, by hook; absent: it has not written that one. */
let answers: Record<string, object | number> = {};
const own = createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  const name = (req.url ?? '').split('/').at(-1) ?? '';
  asked.push({ name, params: JSON.parse(body), key: req.headers['x-lc-hook-key'] });
  const answer = answers[name];
  if (answer === undefined || typeof answer === 'number') res.writeHead(answer ?? 404).end('{}');
  else res.end(JSON.stringify({ result: answer }));
}).listen(0, '127.0.0.1');
await once(own, 'listening');
const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
const world = await openWorld({ settings: { 'leancloud.hooks': { url, secret: 'a-hook-key-of-the-test' } } });
after(async () => {
  await world.close();
  own.closeAllConnections();
  await new Promise((resolve) => own.close(resolve));
});
beforeEach(() => {
  asked = [];
  answers = {};
});
const call = leancloud(world);
const base = '/1.2/rtm/conversations';
const make = async (): Promise<string> => (await call('POST', base, { m: ['A', 'B'] })).body.objectId;
const say = (id: string, message: string) => call('POST', `${base}/${id}/messages`, { from_client: 'A', message });
const heard = async (id: string): Promise<string[]> => {
  const { body } = await call('GET', `${base}/${id}/messages`, undefined, { master: true });
  return body.map(({ data }: { data: string }) => data);
};
const askedOf = (name: string) => asked.find((one) => one.name === name);

it('[LC-116] a hook refuses a message, lets it vanish or changes it; one that is down has no opinion', async () => {
  const id = await make();
  answers = { _messageReceived: { drop: true, code: 7, detail: 'not here' } };
  const refused = await say(id, 'one');
  assert.deepEqual([refused.status, refused.body], [400, { code: 4402, error: 'not here' }]);
  const { params, key } = askedOf('_messageReceived') as Asked;
  assert.deepEqual([params.fromPeer, params.convId, params.toPeers, params.content], ['A', id, ['B'], 'one']);
  assert.equal(key, 'a-hook-key-of-the-test');
  const told = socketAnswer(new ImError('rejected-by-app', 'not here', { purpose: 'send', appCode: 7 }));
  assert.deepEqual([told.code, told.appCode, told.detail], [4402, 7, 'not here']);

  answers = { _messageReceived: { content: 'two, softly' } };
  assert.equal((await say(id, 'two')).status, 200);
  answers = { _messageReceived: 500 };
  assert.equal((await say(id, 'three')).status, 200);
  answers = { _messageReceived: { drop: true } };
  await say(id, 'four');
  assert.deepEqual(await heard(id), ['three', 'two, softly']);
  await world.set({ 'leancloud.hooksMustAnswer': true });
  answers = { _messageReceived: 500 };
  assert.equal((await say(id, 'five')).body.code, 4402);
  await world.set({ 'leancloud.hooksMustAnswer': false });
});

it('[LC-117] a hook refuses a conversation', async () => {
  answers = { _conversationStart: { reject: true, code: 9, detail: 'no more' } };
  const refused = await call('POST', base, { m: ['A', 'B'] });
  assert.deepEqual([refused.status, refused.body], [400, { code: 4305, error: 'no more' }]);
  assert.deepEqual((askedOf('_conversationStart') as Asked).params.members, ['A', 'B']);
});

it('[LC-296] hooks are asked about members and columns, and told of what was done', async () => {
  const id = await make();
  answers = { _conversationAdd: { reject: true }, _conversationUpdate: { reject: true, detail: 'fixed' } };
  assert.equal((await call('POST', `${base}/${id}/members`, { client_ids: ['C'] })).body.code, 4305);
  assert.equal((await call('PUT', `${base}/${id}`, { name: 'x', k: 1 })).body.error, 'fixed');
  assert.deepEqual((askedOf('_conversationUpdate') as Asked).params.attr, { name: 'x', k: 1 });
  answers = {};
  await call('POST', `${base}/${id}/members`, { client_ids: ['C'] });
  await call('DELETE', `${base}/${id}/members`, { client_ids: ['B'] });
  await say(id, 'hello');
  for (const name of ['_conversationStarted', '_conversationAdded', '_conversationRemoved', '_messageSent'])
    await eventually(name, () => askedOf(name)?.params.convId === id);
  const { params } = askedOf('_messageSent') as Asked;
  assert.deepEqual([params.offlinePeers, params.onlinePeers, params.content], [['C'], [], 'hello']);
});
