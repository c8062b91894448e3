// Every generation of the client, over every road it may take: it logs in, is heard and hears.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect, type Transports, versions } from './clients.ts';
import { type EchoServer, eventually, next, openEchoServer } from './echo-server.ts';

const roads: readonly { name: string; transports: Transports; arrives: string }[] = [
  { name: 'websocket', transports: ['websocket'], arrives: 'websocket' },
  { name: 'polling', transports: ['polling'], arrives: 'polling' },
  { name: 'polling with upgrade', transports: ['polling', 'websocket'], arrives: 'websocket' },
];

describe('socket.io clients talk', () => {
  let server: EchoServer;
  before(async () => {
    server = await openEchoServer();
  });
  after(() => server.close());

  for (const version of versions) {
    for (const road of roads) {
      test(`[ML-218] [ML-93] ${version.name} over ${road.name}`, async () => {
        const auth = { app: 'A', client: '安 ann', sign: 'x,1' };
        const client = connect(version, server.origin, auth, road.transports);
        try {
          assert.deepEqual(await next(client, 'login'), { success: true, auth });
          await eventually(() => client.io.engine.transport.name === road.arrives, `${road.arrives} is in use`);

          for (const body of ['hello', '鸿雁 🪿 “ß”\u2028\u0000', 'x'.repeat(30_000), '雁'.repeat(10_000)]) {
            const echo = next(client, 'message');
            client.emit('say', JSON.stringify({ to: { id: 'bob' }, content: { media: 0, body } }));
            assert.deepEqual(JSON.parse((await echo) as string).content.body, body);
          }

          const answer = await new Promise((resolve) => client.emit('say', { an: 'object' }, 2, resolve));
          assert.deepEqual(answer, { heard: 2 });
        } finally {
          client.disconnect();
        }
      });
    }
  }

  test('[ML-218] 100 events in a row arrive in order, from every version at once', async () => {
    const clients = versions.flatMap((version) =>
      roads.map((road) => connect(version, server.origin, { v: version.name }, road.transports)),
    );
    const heard = clients.map((client) => {
      const bodies: unknown[] = [];
      client.on('message', (body) => bodies.push(body));
      return bodies;
    });
    try {
      await Promise.all(clients.map((client) => next(client, 'login')));
      for (let n = 0; n < 100; n += 1) for (const client of clients) client.emit('say', n);
      await eventually(() => heard.every((bodies) => bodies.length === 100), 'all echoes are back');
      const inOrder = Array.from({ length: 100 }, (_, n) => n);
      for (const bodies of heard) assert.deepEqual(bodies, inOrder);
    } finally {
      for (const client of clients) client.disconnect();
    }
  });
});
