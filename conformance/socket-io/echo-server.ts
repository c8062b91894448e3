// The gateway alone, with a chat behind it that only echoes: what is tried here is the wire.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ChatSocket,
  eventPacket,
  type GatewayOptions,
  openGateway,
} from '../../server/src/dialects/maxleap/socket/gateway.ts';

const quiet = { error: console.error, warn() {}, info() {}, debug() {}, child: () => quiet };

export type EchoServer = {
  readonly origin: string;
  /** Everybody in /chat. */
  readonly sockets: ReadonlySet<ChatSocket>;
  /** How many joined /chat since the start. */
  joins(): number;
  close(): Promise<void>;
};

const authOf = (rawQuery: string): unknown => JSON.parse(new URLSearchParams(rawQuery).get('auth') ?? 'null');

export async function openEchoServer(options: Partial<GatewayOptions> = {}, port = 0): Promise<EchoServer> {
  const sockets = new Set<ChatSocket>();
  let joins = 0;
  const gateway = openGateway(
    {
      opened(socket) {
        joins += 1;
        sockets.add(socket);
        socket.send(eventPacket('login', { success: true, auth: authOf(socket.rawQuery) }));
      },
      event(socket, name, args, ackId) {
        if (name === 'say') socket.send(eventPacket('message', args[0]));
        if (ackId !== undefined) socket.reply(ackId, { heard: args.length });
        if (name === 'send me away') socket.disconnect();
        if (name === 'drop me') socket.drop('asked for');
      },
      closed(socket) {
        sockets.delete(socket);
      },
    },
    { log: quiet, ...options },
  );
  const server = createServer((request, response) => {
    if (!gateway.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    joins: () => joins,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The next value of an event of the client, refused after `timeoutMs`. */
export function next(
  client: { on(event: string, listener: (...args: unknown[]) => void): void },
  event: string,
  timeoutMs = 5_000,
) {
  return new Promise<unknown>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${timeoutMs} ms`)), timeoutMs);
    client.on(event, (value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Waits for what only the network decides. */
export async function eventually(holds: () => boolean, what: string, timeoutMs = 5_000): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > until) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
