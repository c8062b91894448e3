// What `hongyan doctor` finds out about NATS.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryNats } from '../../src/bus/try-nats.ts';
import { freshPrefix, notRun, testNats } from '../kit/nats.ts';
import { openTcpProxy } from '../kit/tcp-proxy.ts';

if (!testNats) test('a trial of NATS', { skip: notRun }, () => {});
else {
  const { host, port } = testNats;
  test('a NATS that passes on what is said is found good, one that is away is not', async () => {
    const { server } = await tryNats({ servers: [`${host}:${port}`], tls: false }, freshPrefix());
    assert.match(server, new RegExp(`:${port}$`));
    const proxy = await openTcpProxy({ host, port });
    proxy.refuse();
    await assert.rejects(tryNats({ servers: [proxy.host], tls: false }, freshPrefix()));
    await proxy.close();
  });
}
