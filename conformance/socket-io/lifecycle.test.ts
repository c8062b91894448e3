// Every generation of the client: heartbeats, going, being sent away, coming again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, connect, type Transports, versions } from './clients.ts';
import { type EchoServer, eventually, next, openEchoServer } from './echo-server.ts';

const roads: readonly Transports[] = [['websocket'], ['polling'], ['polling', 'websocket']];

describe('socket.io clients live', () => {
  let server: EchoServer;
  const clients: Client[] = [];
  const open = (version: (typeof versions)[number], auth: object, transports: Transports) => {
    const client = connect(version, server.origin, auth, transports);
    clients.push(client);
    return client;
  };
  const everyWay = versions.flatMap((version) => roads.map((road) => ({ version, road })));
  const logins = everyWay.map(({ version, road }) => ({
    success: true,
    auth: { v: version.name, road: road.join('+') },
  }));
  const openAll = async () => {
    const all = everyWay.map(({ version, road }) => open(version, { v: version.name, road: road.join('+') }, road));
    assert.deepEqual(await Promise.all(all.map((client) => next(client, 'login'))), logins);
    return all;
  };
  before(async () => {
    server = await openEchoServer({ pingIntervalMs: 200, pingTimeoutMs: 200 });
  });
  after(async () => {
    for (const client of clients) client.disconnect();
    await server.close();
  });

  test('[ML-202] all versions stay connected over many heartbeats', async () => {
    const all = await openAll();
    const left: unknown[] = [];
    for (const client of all) client.on('disconnect', (reason) => left.push(reason));
    const joins = server.joins();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.deepEqual(left, []);
    assert.equal(server.joins(), joins);
    for (const client of all) client.disconnect();
    await eventually(() => server.sockets.size === 0, 'the server saw them go');
  });

  test('[ML-208] sent away by the server, all versions stay away', async () => {
    const all = await openAll();
    const joins = server.joins();
    const gone = all.map((client) => next(client, 'disconnect'));
    for (const client of all) client.emit('send me away');
    assert.deepEqual(await Promise.all(gone), Array(all.length).fill('io server disconnect'));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.equal(server.joins(), joins);
  });

  test('[ML-209] dropped by the server, all versions come again with the same credentials', async () => {
    const all = await openAll();
    const again = all.map((client) => next(client, 'login'));
    for (const client of all) client.emit('drop me');
    assert.deepEqual(await Promise.all(again), logins);
    for (const client of all) client.disconnect();
  });

  test('[ML-207] all versions disconnect and the server knows', async () => {
    const all = await openAll();
    for (const client of all) client.disconnect();
    await eventually(() => server.sockets.size === 0, 'the sessions are over');
  });

  test('[ML-94] [ML-206] 1.7.4 with a string query joins once, although it repeats the query unencoded', async () => {
    const version = versions.find(({ name }) => name === '1.7.4');
    assert.ok(version);
    const joins = server.joins();
    const client = open(version, { app: 'A', client: 'u', sign: 'a,1' }, ['websocket']);
    assert.deepEqual(await next(client, 'login'), { success: true, auth: { app: 'A', client: 'u', sign: 'a,1' } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(server.joins(), joins + 1);
  });
});

test('[ML-209] when the server stops, every version tries again and finds its successor', async () => {
  const first = await openEchoServer();
  const port = Number(new URL(first.origin).port);
  const all = versions.map((version, n) =>
    connect(version, first.origin, { n }, roads[n % roads.length] as Transports),
  );
  try {
    await Promise.all(all.map((client) => next(client, 'login')));
    const again = all.map((client) => next(client, 'login', 10_000));
    await first.close();
    const second = await openEchoServer({}, port);
    try {
      const answers = await Promise.all(again);
      assert.deepEqual(
        answers,
        all.map((_, n) => ({ success: true, auth: { n } })),
      );
      for (const client of all) client.disconnect();
    } finally {
      await second.close();
    }
  } finally {
    for (const client of all) client.disconnect();
  }
});
