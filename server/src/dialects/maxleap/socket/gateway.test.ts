// The conversation on the wire, frame by frame, over real sockets.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../../../../test/kit/eventually.ts';
import { type BareGateway, openBareClient, openBareGateway, openJoinedClient } from '../../../../test/kit/gateway.ts';
import { eventPacket } from './packets.ts';

describe('the gateway of /chat', () => {
  let bare: BareGateway;
  before(async () => {
    bare = await openBareGateway({}, { opened: (socket) => socket.send(eventPacket('login', { success: true })) });
  });
  after(() => bare.close());

  const newest = () => {
    const socket = bare.opened.at(-1);
    assert.ok(socket);
    return socket;
  };

  test('[ML-200] [ML-219] a good start under Engine.IO 3, byte by byte', async () => {
    const query = 'auth=%7B%22client%22%3A%22%E9%9B%81%22%7D&EIO=3&transport=websocket';
    const client = await openBareClient(bare.host, query);
    const [open, root] = await client.first(2);
    assert.match(open ?? '', /^0\{"sid":"[\w-]{20}","upgrades":\[\],"pingInterval":25000,"pingTimeout":60000\}$/);
    assert.equal(root, '40');
    client.send('40/chat');
    assert.deepEqual((await client.first(4)).slice(2), ['40/chat', '42/chat,["login",{"success":true}]']);
    assert.equal(newest().rawQuery, query);
    assert.match(newest().remoteAddress, /127\.0\.0\.1$/);
    assert.notEqual(JSON.parse((open ?? '').slice(1)).sid, newest().id);
    client.ws.close();
  });

  test('[ML-201] a good start under Engine.IO 4', async () => {
    const client = await openBareClient(bare.host, 'EIO=4&transport=websocket');
    const [open] = await client.first(1);
    assert.match(
      open ?? '',
      /^0\{"sid":"[\w-]{20}","upgrades":\[\],"pingInterval":25000,"pingTimeout":60000,"maxPayload":131072\}$/,
    );
    client.send('40', '40/chat,{"token":"of no meaning here"}');
    const [, root, chat, login] = await client.first(4);
    assert.match(root ?? '', /^40\{"sid":"[\w-]{20}"\}$/);
    assert.equal(chat, `40/chat,{"sid":"${newest().id}"}`);
    assert.equal(login, '42/chat,["login",{"success":true}]');
    client.ws.close();
  });

  test('[ML-206] a connect packet with an unencoded query joins', async () => {
    for (const eio of [3, 4]) {
      const joined = bare.opened.length;
      const client = await openBareClient(bare.host, `EIO=${eio}&transport=websocket`);
      client.send('40/chat?auth={"app":"A","client":"u"}');
      await eventually('it has joined', () => bare.opened.length === joined + 1);
      client.ws.close();
    }
  });

  test('[ML-205] an unknown namespace is refused in the form of each protocol, and /chat is still open', async () => {
    for (const [eio, refusal] of [
      [3, '44/admin,"Invalid namespace"'],
      [4, '44/admin,{"message":"Invalid namespace"}'],
    ] as const) {
      const client = await openJoinedClient(bare.host, eio);
      client.send('40/admin', '42/admin,["say"]', '42/chat,["ping"]');
      await eventually('the refusal', () => client.frames.includes(refusal));
      await eventually('the event is heard', () => bare.events.at(-1)?.name === 'ping');
      client.ws.close();
    }
  });

  test('[ML-213] events before joining or on / are not heard, and joining twice changes nothing', async () => {
    const joined = bare.opened.length;
    const heard = bare.events.length;
    const client = await openBareClient(bare.host, 'EIO=3&transport=websocket');
    client.send('42/chat,["early"]', '42["on the root"]', '40', '41', '40/chat', '40/chat', '42["on the root"]');
    client.send('42/chat,["late",1]');
    await eventually('the event after joining', () => bare.events.length > heard);
    assert.deepEqual(
      bare.events.slice(heard).map(({ name, args, ackId }) => ({ name, args, ackId })),
      [{ name: 'late', args: [1], ackId: undefined }],
    );
    assert.equal(bare.opened.length, joined + 1);
    assert.equal(client.frames.filter((frame) => frame.startsWith('40/chat')).length, 1);
    client.ws.close();
  });

  test('[ML-214] an event with a callback is answered under its number', async () => {
    const client = await openJoinedClient(bare.host);
    client.send('42/chat,7["say",{"a":1}]', '42/chat,9007199254740991["say"]');
    const last = await eventually(
      'both are heard',
      () => bare.events.at(-1)?.ackId === 2 ** 53 - 1 && bare.events.at(-1),
    );
    last.socket.reply(7, { stored: true });
    last.socket.reply(2 ** 53 - 1, undefined);
    await eventually('both answers', () => client.frames.includes('43/chat,9007199254740991[]'));
    assert.ok(client.frames.includes('43/chat,7[{"stored":true}]'));
    client.ws.close();
  });

  test('[ML-207] the client leaves with its disconnect packet, and may join again on the same connection', async () => {
    const client = await openJoinedClient(bare.host);
    const first = newest();
    client.send('41/chat', '42/chat,["after leaving"]');
    await eventually('the session ends', () => bare.closed.some(({ socket }) => socket === first));
    first.send(eventPacket('message', 'to nobody'));
    client.send('40/chat');
    await eventually('it joins again', () => newest() !== first);
    assert.notEqual(newest().id, first.id);
    client.ws.close();
    await eventually('the second session ends', () => bare.closed.some(({ socket }) => socket === bare.opened.at(-1)));
    assert.equal(bare.closed.filter(({ socket }) => socket === first).length, 1);
    assert.ok(!bare.events.some(({ name }) => name === 'after leaving'));
    assert.ok(!client.frames.some((frame) => frame.includes('to nobody')));
  });

  test('[ML-208] [ML-209] a deliberate disconnection says so first, a drop only closes', async () => {
    const away = await openJoinedClient(bare.host);
    newest().send(eventPacket('login', { success: false }));
    newest().disconnect();
    assert.equal(await away.closed(), 1000);
    assert.deepEqual(away.frames.slice(-2), ['42/chat,["login",{"success":false}]', '41/chat']);

    const dropped = await openJoinedClient(bare.host);
    newest().drop('a test');
    assert.equal(await dropped.closed(), 1000);
    assert.ok(!dropped.frames.includes('41/chat'));
    assert.equal(bare.closed.at(-1)?.reason, 'a test');
  });

  test('a fault in the chat is logged and touches nobody else', async () => {
    const broken = await openBareGateway(
      {},
      {
        event() {
          throw new Error('on purpose');
        },
      },
    );
    const client = await openJoinedClient(broken.host);
    client.send('42/chat,["say"]', '42/chat,["say"]');
    await eventually('both faults are logged', () => broken.faults.length === 2);
    client.ws.close();
    await broken.close();
  });

  test('only its own path is its own', async () => {
    for (const path of ['/socket.io/socket.io.js', '/socket.iox/', '/', '/socket.io2/?EIO=3&transport=polling']) {
      assert.equal((await fetch(`http://${bare.host}${path}`)).status, 404, path);
    }
  });
});

test('[ML-209] stopping closes every transport without the disconnect packet, and takes no new ones', async (t) => {
  const bare = await openBareGateway();
  t.after(() => bare.close());
  const clients = [await openJoinedClient(bare.host, 3), await openJoinedClient(bare.host, 4)];
  assert.equal(bare.gateway.counts().connections, 2);
  await bare.gateway.close();
  assert.equal(bare.gateway.counts().connections, 0);
  assert.equal(bare.closed.length, 2);
  for (const client of clients) {
    assert.equal(await client.closed(), 1001);
    assert.ok(!client.frames.some((frame) => frame.startsWith('41')));
  }
  await assert.rejects(openBareClient(bare.host, 'EIO=3&transport=websocket'));
  assert.equal((await fetch(`http://${bare.host}/socket.io/?EIO=3&transport=polling`)).status, 503);
});
