// Two SDK clients talk while their connections are cut again and again: nothing is lost, nothing comes twice, the order
// holds, and what is unread is counted right. Short by default; HONGYAN_CUTS=200 is the full run.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../server/test/kit/eventually.ts';
import { loadLeancloud, pauseAll, realtime } from '../kit/leancloud.ts';
import { appA, openServer } from '../kit/server.ts';
import { once, told, type Untyped } from '../kit/told.ts';
import { openWire } from '../kit/wire.ts';

const cuts = Number(process.env.HONGYAN_CUTS ?? 8);
const server = await openServer();
after(pauseAll);

const [wireA, wireB] = [await openWire(server.port), await openWire(server.port)];
after(() => {
  wireA.close();
  wireB.close();
});

/** Says it until it is acknowledged, as an application does that keeps what was not sent: the same message each time. */
async function insist(talk: Untyped, message: Untyped): Promise<void> {
  for (;;) {
    try {
      await talk.send(message);
      return;
    } catch {
      await wait(100);
    }
  }
}

test(`[LC-233] ${cuts} cuts while two talk`, { timeout: 60_000 + cuts * 3_000 }, async () => {
  const sdk = loadLeancloud('4.3.1');
  const tom = await realtime('4.3.1', wireA.base, appA, {}, sdk).createIMClient('Tom');
  const hisSdk = loadLeancloud('4.3.1');
  const jerry = await realtime('4.3.1', wireB.base, appA, {}, hisSdk).createIMClient('Jerry');
  const talk = await tom.createConversation({ members: ['Jerry'] });
  const hers = await jerry.getConversation(talk.id);
  const heard: string[] = [];
  jerry.on('message', (message: Untyped) => heard.push(message.text));

  let cutting = true;
  const network = (async () => {
    for (let n = 0; n < cuts; n += 1) {
      (n % 2 === 0 ? wireA : wireB).cut();
      // The SDK waits a second before it comes back.
      await wait(1_300);
    }
    cutting = false;
  })();
  const said: string[] = [];
  while (cutting) {
    const text = `m${said.length}`;
    said.push(text);
    await insist(talk, new sdk.TextMessage(text));
    await wait(20);
  }
  await network;
  await eventually('both are back', async () => (await tom.ping(['Jerry']).catch(() => [])).length > 0, 20_000, 200);

  const kept: string[] = [];
  let start: object = {};
  for (;;) {
    const direction = sdk.MessageQueryDirection.OLD_TO_NEW;
    const page = await hers.queryMessages({ ...start, direction, limit: 100 });
    if (page.length === 0) break;
    kept.push(...page.map(({ text }: Untyped) => text));
    const last = page.at(-1);
    start = { startTime: last.timestamp, startMessageId: last.id };
  }
  assert.deepEqual(kept, said);
  assert.equal(new Set(heard).size, heard.length);
  assert.deepEqual(
    heard,
    said.filter((text) => heard.includes(text)),
  );
  // Another device is told the server's own count.
  const tablet = await realtime('4.3.1', wireB.base, appA).createIMClient('Jerry');
  const [[{ unreadMessagesCount }]] = await once('the count', told(tablet, 'unreadmessagescountupdate'));
  assert.equal(unreadMessagesCount, Math.min(100, said.length));
  await hers.read();
  await eventually('nothing is unread', () => hers.unreadMessagesCount === 0);
  for (const client of [tom, jerry, tablet]) await client.close();
});
