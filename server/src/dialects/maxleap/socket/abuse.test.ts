// Clients that break the rules lose their own connection and nothing else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { eventually } from '../../../../test/kit/eventually.ts';
import {
  type BareClient,
  type BareGateway,
  openBareClient,
  openBareGateway,
  openJoinedClient,
} from '../../../../test/kit/gateway.ts';
import { eventPacket } from './packets.ts';

describe('clients that break the rules', () => {
  let bare: BareGateway;
  let witness: BareClient;
  before(async () => {
    bare = await openBareGateway(
      {},
      { event: (socket, name) => name === 'ask' && socket.send(eventPacket('told', 1)) },
    );
    witness = await openJoinedClient(bare.host);
  });
  after(async () => {
    witness.ws.close();
    await bare.close();
    assert.deepEqual(bare.faults, []);
  });

  const serves = async () => {
    const before = witness.frames.length;
    witness.send('42/chat,["ask"]');
    await eventually('the witness is served', () => witness.frames.length > before);
  };

  test('[ML-210] a frame of 128 KiB passes, a longer one closes the connection', async () => {
    const client = await openJoinedClient(bare.host);
    const around = '42/chat,["say",""]'.length;
    client.send(`42/chat,["say","${'x'.repeat(128 * 1024 - around)}"]`);
    await eventually('it is heard', () => bare.events.at(-1)?.name === 'say');
    client.send(`42/chat,["say","${'x'.repeat(128 * 1024 - around + 1)}"]`);
    assert.equal(await client.closed(), 1009);
    await serves();
  });

  test('[ML-210] fragments count together', async () => {
    const client = await openJoinedClient(bare.host);
    for (let n = 0; n < 40; n += 1) client.ws.send('x'.repeat(4096), { fin: false });
    assert.equal(await client.closed(), 1009);
    await serves();
  });

  test('[ML-211] malformed packets and binary close the connection', async () => {
    const bad: (string | Buffer)[] = [
      '',
      'x',
      '0',
      '7',
      'b4AAAA',
      '4',
      '4x',
      '42/chat',
      '42/chat,{}',
      '42/chat,["say"',
      '42/chat,99999999999999999999["say"]',
      '44/chat,"no"',
      '451-/chat,["say",{"_placeholder":true,"num":0}]',
      Buffer.from('42/chat,["say"]'),
      Buffer.from([4, 0]),
    ];
    for (const eio of [3, 4] as const) {
      for (const frame of bad) {
        const client = await openJoinedClient(bare.host, eio);
        client.ws.send(frame);
        assert.equal(await client.closed(), 1000, `${frame}`);
      }
    }
    await serves();
  });

  test('[ML-212] deep nesting is ignored and the connection lives', async () => {
    const client = await openJoinedClient(bare.host);
    client.send(`42/chat,["deep",${'['.repeat(60_000)}${']'.repeat(60_000)}]`, '42/chat,["ask"]');
    await eventually('the next event is served', () => client.frames.at(-1)?.includes('told'));
    assert.ok(!bare.events.some(({ name }) => name === 'deep'));
    client.ws.close();
  });

  test('[ML-211] thousands of random and mangled packets break nothing', async () => {
    const random = seeded(20_160_412);
    const good = [
      '40/chat',
      '41/chat',
      '42/chat,7["say",{"to":{"id":"b"},"__proto__":{"x":1}}]',
      '2',
      '3',
      '40',
      '41',
      '42["x"]',
    ];
    const mangled = (): string => {
      const letters = [...(good[random(good.length)] as string)];
      for (let n = random(4); n >= 0; n -= 1) {
        const at = random(letters.length + 1);
        letters.splice(
          at,
          random(3),
          ...['0', '4', '/', ',', '?', '[', '"', '{', '9', '\u0000', '雁', 'e1'].slice(random(12), 12).slice(0, 2),
        );
      }
      return letters.join('');
    };
    let client = await openJoinedClient(bare.host);
    for (let n = 0; n < 4_000; n += 1) {
      if (client.ws.readyState !== client.ws.OPEN) {
        client = await openBareClient(bare.host, `EIO=${random(2) ? 3 : 4}&transport=websocket`);
        client.send('40/chat');
      }
      client.ws.send(random(20) === 0 ? Buffer.from(mangled()) : mangled());
      if (n % 4 === 0) await turn();
      if (n % 500 === 0) await serves();
    }
    client.ws.close();
    await serves();
    assert.deepEqual(bare.faults, []);
  });
});

test('[ML-215] a reader that stops reading is closed, the others hear everything', async (t) => {
  const bare = await openBareGateway({ outboxBytesMax: 256 * 1024 });
  t.after(() => bare.close());
  const [slow, quick] = [await openJoinedClient(bare.host), await openJoinedClient(bare.host)];
  t.after(() => slow.ws.terminate());
  slow.ws.pause();
  let sent = 0;
  while (bare.closed.length === 0) {
    const packet = eventPacket('message', `${sent} ${'x'.repeat(20_000)}`);
    for (const socket of bare.opened) socket.send(packet);
    sent += 1;
    assert.ok(sent < 5_000, 'the slow reader was never closed');
    // Not faster than the quick one reads: it shares the process with us.
    await eventually('the quick reader keeps up', () => quick.frames.length >= 3 + sent, 5_000, 1);
  }
  assert.deepEqual(
    bare.closed.map(({ socket, reason }) => [socket, reason]),
    [[bare.opened[0], 'reads too slowly']],
  );
  slow.ws.resume();
  assert.equal(await slow.closed(), 1006);
  assert.equal(bare.gateway.counts().connections, 1);
});

test('[ML-215] a flood of WebSocket pings from who does not read ends too', async (t) => {
  const bare = await openBareGateway();
  t.after(() => bare.close());
  const client = await openJoinedClient(bare.host);
  t.after(() => client.ws.terminate());
  client.ws.pause();
  const payload = Buffer.alloc(125);
  for (let n = 0; n < 200 && bare.closed.length === 0; n += 1) {
    for (let m = 0; m < 1_000; m += 1) client.ws.ping(payload);
    await eventually('the pings are out', () => client.ws.bufferedAmount === 0 || bare.closed.length > 0, 5_000, 1);
  }
  assert.equal(bare.closed.length, 1);
});

/** Whole numbers below `n`, the same in every run. */
function seeded(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}
