// Clients that begin with polling: plain HTTP requests, as they are on the wire.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../../../../test/kit/eventually.ts';
import { type BareGateway, openBareClient, openBareGateway } from '../../../../test/kit/gateway.ts';
import { eventPacket } from './packets.ts';

describe('polling', () => {
  let bare: BareGateway;
  before(async () => {
    bare = await openBareGateway({}, { event: (socket, _, args) => socket.send(eventPacket('message', args[0])) });
  });
  after(() => bare.close());

  /** A session of Engine.IO 3 that has joined /chat; `poll` and `post` send payloads as they are. */
  async function join(more = '') {
    const url = `http://${bare.host}/socket.io/?auth=%7B%7D&EIO=3&transport=polling${more}`;
    const get = async (address: string) => (await fetch(address)).text();
    const opening = await get(url);
    const { sid, upgrades } = JSON.parse(/\d+:0(\{.*\})/.exec(opening)?.[1] ?? '{}');
    const session = {
      sid,
      upgrades,
      poll: () => get(`${url}&sid=${sid}`),
      post: (body: string, type = 'text/plain;charset=UTF-8') =>
        fetch(`${url}&sid=${sid}`, { method: 'POST', body, headers: { 'content-type': type } }),
    };
    assert.equal(await session.poll(), '2:40');
    await session.post('7:40/chat');
    assert.equal(await session.poll(), '7:40/chat');
    return session;
  }

  const payload = (packet: string): string => `${packet.length}:${packet}`;

  test('[ML-216] another origin is named in the answers, with credentials allowed, also in errors', async () => {
    const origin = 'https://chat.example';
    for (const query of [
      'EIO=3&transport=polling',
      'EIO=3&transport=polling&sid=unknown',
      'transport=carrier-pigeon',
    ]) {
      const answer = await fetch(`http://${bare.host}/socket.io/?${query}`, { headers: { origin } });
      await answer.text();
      assert.equal(answer.headers.get('access-control-allow-origin'), origin, query);
      assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
      assert.equal(answer.headers.get('vary'), 'Origin');
      assert.equal(answer.status, query.startsWith('EIO=3&transport=polling') && !query.includes('sid') ? 200 : 400);
    }
    const preflight = await fetch(`http://${bare.host}/socket.io/?EIO=3&transport=polling`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
    assert.equal(preflight.headers.get('access-control-allow-credentials'), 'true');
    assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /POST/);
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type');
  });

  test('[ML-217] text that was encoded twice is heard once, and text goes out in ASCII', async () => {
    const session = await join('&b64=1');
    const twice = Buffer.from('42/chat,["say","鸿雁 🪿"]').toString('latin1');
    assert.equal(await (await session.post(payload(twice))).text(), 'ok');
    assert.equal(bare.events.at(-1)?.args[0], '鸿雁 🪿');
    assert.equal(await session.poll(), payload('42/chat,["message","\\u9e3f\\u96c1 \\ud83e\\udebf"]'));
  });

  test('[ML-217] text that was encoded once is heard as it is', async () => {
    const session = await join();
    for (const text of ['鸿雁 🪿', 'naïve café', 'ascii']) {
      await session.post(payload(`42/chat,["say","${text}"]`));
      assert.equal(bare.events.at(-1)?.args[0], text);
      assert.equal(JSON.parse((await session.poll()).replace(/^\d+:42\/chat,/, ''))[1], text);
    }
  });

  test('[ML-220] a session moves from polling to WebSocket', async () => {
    const session = await join();
    assert.deepEqual(session.upgrades, ['websocket']);
    const client = await openBareClient(bare.host, `EIO=3&transport=websocket&sid=${session.sid}`);
    client.send('2probe');
    assert.deepEqual(await client.first(1), ['3probe']);
    const lastPoll = session.poll();
    client.send('5');
    await lastPoll;
    client.send('42/chat,["say","雁"]', '2');
    assert.deepEqual(await client.first(3), ['3probe', '42/chat,["message","雁"]', '3']);
    const socket = bare.events.at(-1)?.socket;
    client.ws.close();
    await eventually('the session ends', () => bare.closed.some((one) => one.socket === socket));
  });

  test('[ML-208] a deliberate disconnection reaches the last poll', async () => {
    const session = await join();
    bare.opened.at(-1)?.disconnect();
    assert.equal(await session.poll(), '7:41/chat');
    assert.match(await session.poll(), /1:1$/);
  });

  test('[ML-210] a request above 128 KiB is refused', async () => {
    const session = await join();
    assert.equal((await session.post(payload(`42/chat,["say","${'x'.repeat(128 * 1024)}"]`))).status, 413);
  });

  test('[ML-211] malformed payloads end the session, and others are served', async () => {
    for (const body of [
      'nonsense',
      '3:42/chat',
      payload('42/chat,{'),
      payload('451-/chat,["x"]'),
      payload('b4AAAA'),
      '',
    ]) {
      const session = await join();
      const socket = bare.opened.at(-1);
      await (await session.post(body)).text().catch(() => {});
      await eventually(`it is closed after ${body}`, () => bare.closed.some((one) => one.socket === socket));
    }
    await join();
    assert.deepEqual(bare.faults, []);
  });
});

test('[ML-215] what a client does not fetch is bounded', async (t) => {
  const bare = await openBareGateway({ outboxBytesMax: 10_000 });
  t.after(() => bare.close());
  const url = `http://${bare.host}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1));
  await fetch(`${url}&sid=${sid}`, { method: 'POST', body: '40/chat', headers: { 'content-type': 'text/plain' } });
  for (let n = 0; n < 10; n += 1) bare.opened[0]?.send(eventPacket('message', 'x'.repeat(1_000)));
  await eventually('it is closed', () => bare.closed.length === 1);
  assert.equal(bare.closed[0]?.reason, 'reads too slowly');
  assert.equal((await fetch(`${url}&sid=${sid}`)).status, 400);
});
