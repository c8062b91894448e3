// An SDK client whose connection stands still while much is said to it: it is closed, comes back, and finds everything.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually } from '../../server/test/kit/eventually.ts';
import { loadLeancloud, pauseAll, realtime } from '../kit/leancloud.ts';
import { appA, openServer } from '../kit/server.ts';
import { once, told, type Untyped } from '../kit/told.ts';
import { openWire } from '../kit/wire.ts';

const server = await openServer();
const wire = await openWire(server.port);
after(pauseAll);
after(() => wire.close());

/** More than a connection's own queue and the system's buffers hold. */
const messages = 4_000;
const filling = 'x'.repeat(4_000);

test('[LC-236] a client that stops reading is closed and catches up', { timeout: 120_000 }, async () => {
  const sdk = loadLeancloud('4.3.1');
  const tom = await realtime('4.3.1', server.base, appA, {}, sdk).createIMClient('Tom');
  const jerry = await realtime('4.3.1', wire.base, appA).createIMClient('Jerry');
  const talk = await tom.createConversation({ members: ['Jerry'] });
  const hers = await jerry.getConversation(talk.id);
  const heard: string[] = [];
  jerry.on('message', (message: Untyped) => heard.push(message.text.split(' ')[0]));
  const back = told(jerry, 'reconnect');

  wire.stall();
  const said = Array.from({ length: messages }, (_, n) => `m${n}`);
  for (let n = 0; n < messages; n += 100)
    await Promise.all(said.slice(n, n + 100).map((text) => talk.send(new sdk.TextMessage(`${text} ${filling}`))));
  await eventually('he is gone for the server', async () => (await tom.ping(['Jerry'])).length === 0, 20_000);
  wire.flow();
  await once('he is back', await eventually('the reconnect', () => back.length > 0 && back, 30_000));

  assert.ok(heard.length < messages, 'he cannot have heard all of it');
  assert.deepEqual(heard, said.slice(0, heard.length));
  const kept: string[] = [];
  let start: object = {};
  for (;;) {
    const direction = sdk.MessageQueryDirection.OLD_TO_NEW;
    const page = await hers.queryMessages({ ...start, direction, limit: 100 });
    if (page.length === 0) break;
    kept.push(...page.map(({ text }: Untyped) => text.split(' ')[0]));
    const last = page.at(-1);
    start = { startTime: last.timestamp, startMessageId: last.id };
  }
  assert.deepEqual(kept, said);
  await eventually("the count is the server's", () => hers.unreadMessagesCount === 100);
  await talk.send(new sdk.TextMessage('live again'));
  await eventually('he hears what is said now', () => heard.at(-1) === 'live');
  for (const client of [tom, jerry]) await client.close();
});
