import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { eventually } from '../../../test/kit/eventually.ts';
import { basicOf, jm, register } from '../../../test/kit/jmessage.ts';
import { inGroup, talk } from '../../../test/kit/rest.ts';
import { openWorld, type World } from '../../../test/kit/world.ts';

type Call = {
  readonly authorization: string;
  readonly type: string;
  readonly body: { total: number; messages: Said[] };
};
type Said = { readonly msgid: number; readonly msg_body: { text: string } };

let world: World;
let url: string;
const calls: Call[] = [];
/** Answers in turn; then 200. */
let statuses: number[] = [];
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const { authorization = '', 'content-type': type = '' } = request.headers;
  calls.push({ authorization, type, body: JSON.parse(Buffer.concat(pieces).toString()) });
  response.writeHead(statuses.shift() ?? 200).end('taken');
});
before(async () => {
  world = await openWorld();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await register(world, 'tom', 'annie');
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/messages`;
  await world.set({ 'jmessage.callback': { url } });
});
after(async () => {
  await world.close();
  server.closeAllConnections();
  server.close();
});

const say = async (text: string) => {
  const { body } = await jm(world, 'POST', '/v1/messages', {
    version: 1,
    target_type: 'single',
    target_id: 'annie',
    from_type: 'user',
    from_id: 'tom',
    msg_type: 'text',
    msg_body: { text },
  });
  return body.msg_id;
};
async function untold(): Promise<number> {
  const { callbacks } = world.core.store;
  const told = (await callbacks.told(world.app.no)) ?? 0;
  return (await callbacks.untold(world.app.no, told, 1_000)).messages.length;
}
const texts = () => calls.flatMap(({ body }) => body.messages.map(({ msg_body }) => msg_body.text));

test('[JM-296] messages of every door are told to the application’s own server, in the form of reports', async () => {
  const id = await say('one');
  await eventually('the callback', () => calls.length > 0);
  const [call] = calls;
  assert.equal(call?.authorization, basicOf(world.app));
  assert.match(call?.type ?? '', /^application\/json/);
  const [reported] = (await jm(world, 'GET', '/v1/messages')).body.messages;
  assert.deepEqual(call?.body, { total: 1, messages: [reported] });
  assert.equal(reported.msgid, id);
  const { body: group } = await world.rest('POST', '/groups', { owner: 'tom', members: ['annie'] });
  await talk(world, 'annie', inGroup(group), 'two');
  await eventually('what another door said', () => texts().includes('two'));
});

test('[JM-298] who was away is told later, from where it was left off', async () => {
  await eventually('nothing waits', async () => (await untold()) === 0);
  const { callbacks } = world.core.store;
  const told = (await callbacks.told(world.app.no)) ?? 0;
  await world.set({ 'jmessage.callback': null });
  await eventually(
    'the callback is off',
    async () => {
      const waits = (await untold()) > 0;
      await say('away');
      return waits;
    },
    10_000,
    100,
  );
  assert.ok(((await callbacks.told(world.app.no)) ?? 0) >= told);
  await world.set({ 'jmessage.callback': { url } });
  await eventually('what was said meanwhile', async () => (await untold()) === 0, 10_000);
  const { messages } = (await jm(world, 'GET', '/v1/messages?count=1000')).body;
  const ids = calls.flatMap(({ body }) => body.messages.map(({ msgid }) => msgid));
  assert.deepEqual(
    ids,
    messages.map(({ msgid }: Said) => msgid),
    'each once, in order',
  );
});

test('[JM-297] what is not taken is told again, three times in all, and the next is not lost', async () => {
  calls.length = 0;
  statuses = [500, 302];
  await say('three');
  await eventually('the third try', () => calls.length === 3, 10_000);
  assert.deepEqual(texts(), ['three', 'three', 'three']);
  statuses = [500, 500, 500];
  await say('four');
  await eventually('three more tries', () => calls.length === 6, 10_000);
  await say('five');
  await eventually('the next', () => texts().includes('five'));
  assert.equal(texts().filter((text) => text === 'four').length, 3);
});
