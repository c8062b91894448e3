// What ends a connection by time: silence, and never joining.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../../test/kit/eventually.ts';
import { openBareClient, openBareGateway, openJoinedClient } from '../../../../test/kit/gateway.ts';

const quick = { pingIntervalMs: 100, pingTimeoutMs: 100 };

test('[ML-202] under Engine.IO 3 each ping is answered', async (t) => {
  const bare = await openBareGateway();
  t.after(() => bare.close());
  const client = await openJoinedClient(bare.host, 3);
  client.send('2', '2', '2probe');
  await eventually('three answers', () => client.frames.filter((frame) => frame === '3').length === 3);
  assert.ok(!client.frames.includes('2'));
  client.ws.close();
});

test('[ML-202] under Engine.IO 4 the server pings, and who answers stays', async (t) => {
  const bare = await openBareGateway(quick);
  t.after(() => bare.close());
  const client = await openJoinedClient(bare.host, 4);
  client.ws.on('message', (data) => data.toString() === '2' && client.send('3'));
  await eventually('six pings', () => client.frames.filter((frame) => frame === '2').length >= 6);
  assert.equal(bare.closed.length, 0);
  client.ws.close();
});

test('[ML-203] silence ends a connection of either revision', async (t) => {
  const bare = await openBareGateway(quick);
  t.after(() => bare.close());
  const clients = [await openJoinedClient(bare.host, 3), await openJoinedClient(bare.host, 4)];
  const since = performance.now();
  await Promise.all(clients.map((client) => client.closed()));
  assert.ok(performance.now() - since > 150);
  assert.deepEqual(
    bare.closed.map(({ reason }) => reason),
    ['ping timeout', 'ping timeout'],
  );
});

test('[ML-203] heartbeats in the wrong direction end a connection', async (t) => {
  const bare = await openBareGateway();
  t.after(() => bare.close());
  const wrong = [await openJoinedClient(bare.host, 3), await openJoinedClient(bare.host, 4)] as const;
  wrong[0].send('3');
  wrong[1].send('2');
  await Promise.all(wrong.map((client) => client.closed()));
});

test('[ML-204] who does not join /chat in time is closed, also after having left it', async (t) => {
  const bare = await openBareGateway({ joinTimeoutMs: 150 });
  t.after(() => bare.close());
  const never = await openBareClient(bare.host, 'EIO=3&transport=websocket');
  const root = await openBareClient(bare.host, 'EIO=4&transport=websocket');
  root.send('40', '40/other');
  const left = await openJoinedClient(bare.host);
  left.send('41/chat');
  const stays = await openJoinedClient(bare.host);
  await Promise.all([never, root, left].map((client) => client.closed()));
  stays.send('42/chat,["say"]');
  await eventually('who joined is still heard', () => bare.events.length === 1);
  stays.ws.close();
});

test('[ML-204] a polling session that does not join is closed too', async (t) => {
  const bare = await openBareGateway({ joinTimeoutMs: 150 });
  t.after(() => bare.close());
  const url = `http://${bare.host}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1));
  assert.equal(bare.gateway.counts().connections, 1);
  assert.equal(await (await fetch(`${url}&sid=${sid}`)).text(), '1');
  await eventually('it is gone', () => bare.gateway.counts().connections === 0);
});
