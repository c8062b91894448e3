import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { eventually } from '../../../../test/kit/eventually.ts';
import type { Connection } from './connection.ts';
import { type Command, encodeCommand } from './frames.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { packet } from './packets.ts';

const server = createServer();
let gateway: Gateway;
let url: string;
const connections: Connection[] = [];
const heard: Command[] = [];
let logged = false;

before(async () => {
  gateway = openGateway(
    (connection) => {
      connections.push(connection);
      return { heard: (command) => heard.push(command), closed() {}, loggedIn: () => logged };
    },
    { loginTimeoutMs: 200, silenceTimeoutMs: 400, frameBytesMax: 1024, outboxBytesMax: 4096, closeGraceMs: 50 },
  );
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(async () => {
  await gateway.close();
  server.close();
});

async function connect(protocols: string[] = ['lc.protobuf2.3'], path = '/any/path'): Promise<WebSocket> {
  const ws = new WebSocket(url + path, protocols);
  ws.on('error', () => {});
  await new Promise((settled) => ws.on('open', settled).on('close', settled));
  return ws;
}
const closed = async (ws: WebSocket): Promise<number> => ((await once(ws, 'close')) as [number])[0];

describe('the LeanCloud gateway', () => {
  it('[LC-235] who does not log in, and who falls silent, is closed by the codes for it', async () => {
    assert.equal(await closed(await connect()), 4108);
    logged = true;
    assert.equal(await closed(await connect()), 4107);
    const pinging = await connect();
    const timer = setInterval(() => pinging.ping(), 50);
    const silent = await connect();
    assert.equal(await closed(silent), 4107);
    assert.equal(pinging.readyState, WebSocket.OPEN);
    clearInterval(timer);
    pinging.terminate();
  });

  it('[LC-235] a frame that is too long ends the connection', async () => {
    const ws = await connect();
    ws.send(Buffer.alloc(2048));
    assert.equal(await closed(ws), 4109);
  });

  it('[LC-69] the first subprotocol that is known is taken, from the header or the query', async () => {
    const both = await connect(['lc.unknown.9', 'lc.proto2base64.3']);
    assert.equal(both.protocol, 'lc.proto2base64.3');
    both.send(encodeCommand({ cmd: 'echo', i: 1 }).toString('base64'));
    await eventually('it was heard', () => heard.some(({ i }) => i === 1));
    both.terminate();
    const query = await connect([], '/?subprotocol=lc.protobuf2.1');
    assert.equal(connections.at(-1)?.revision, 1);
    query.terminate();
    const stranger = await connect(['chat']);
    assert.notEqual(stranger.readyState, WebSocket.OPEN);
  });

  it('[LC-236] who does not read is closed when too much waits for him', async () => {
    const ws = await connect();
    const connection = connections.at(-1) as Connection;
    for (let n = 0; n < 40; n += 1) connection.send(packet({ cmd: 'direct', directMessage: { msg: 'x'.repeat(200) } }));
    assert.equal(await closed(ws), 4200);
  });

  it('[LC-79] everybody is told to go elsewhere before the door closes, and nobody comes in then', async () => {
    const ws = await connect();
    const first = once(ws, 'message');
    const closing = gateway.close();
    assert.deepEqual(((await first) as [Buffer])[0], encodeCommand({ cmd: 'goaway' }));
    assert.equal((await connect()).readyState, WebSocket.CLOSED);
    await closing;
    await eventually('it is closed', () => ws.readyState === WebSocket.CLOSED);
    assert.equal(gateway.counts().connections, 0);
  });
});
