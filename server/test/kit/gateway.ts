// A gateway alone on a free port, with a chat behind it that writes down what it is told, and a client that speaks bare
// WebSocket frames and does nothing by itself.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import {
  type ChatHandlers,
  type ChatSocket,
  type Gateway,
  type GatewayOptions,
  openGateway,
} from '../../src/dialects/maxleap/socket/gateway.ts';
import { eventually, within } from './eventually.ts';
import { quietLog } from './quiet-log.ts';

export type Told = { socket: ChatSocket; name: string; args: unknown[]; ackId: number | undefined };

export type BareGateway = {
  readonly gateway: Gateway;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly opened: readonly ChatSocket[];
  readonly events: readonly Told[];
  readonly closed: readonly { socket: ChatSocket; reason: string }[];
  /** What the log was given as an error. */
  readonly faults: readonly unknown[];
  close(): Promise<void>;
};

/** `and` hears the same as the notes; what it throws goes to the gateway. */
export async function openBareGateway(
  options: Partial<GatewayOptions> = {},
  and: Partial<ChatHandlers> = {},
): Promise<BareGateway> {
  const opened: ChatSocket[] = [];
  const events: Told[] = [];
  const closed: { socket: ChatSocket; reason: string }[] = [];
  const faults: unknown[] = [];
  const handlers: ChatHandlers = {
    opened(socket) {
      opened.push(socket);
      and.opened?.(socket);
    },
    event(socket, name, args, ackId) {
      events.push({ socket, name, args, ackId });
      and.event?.(socket, name, args, ackId);
    },
    closed(socket, reason) {
      closed.push({ socket, reason });
      and.closed?.(socket, reason);
    },
  };
  const gateway = openGateway(handlers, {
    log: { ...quietLog, error: (fields) => faults.push(fields) },
    closeGraceMs: 500,
    ...options,
  });
  const server = createServer((request, response) => {
    if (!gateway.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    gateway,
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    opened,
    events,
    closed,
    faults,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type BareClient = {
  readonly ws: WebSocket;
  /** Every text frame so far. */
  readonly frames: readonly string[];
  send(...frames: string[]): void;
  /** The first `n` frames, as soon as they are there. */
  first(n: number): Promise<string[]>;
  /** Resolves with the close code; 1006 is a connection without a closing handshake. */
  closed(): Promise<number>;
};

/** Resolves when the WebSocket is open. */
export async function openBareClient(host: string, query: string): Promise<BareClient> {
  const ws = new WebSocket(`ws://${host}/socket.io/?${query}`, { perMessageDeflate: false });
  const frames: string[] = [];
  ws.on('message', (data) => frames.push(data.toString()));
  ws.on('error', () => {});
  const closed = new Promise<number>((resolve) => ws.on('close', resolve));
  await within('the WebSocket opens', once(ws, 'open'));
  return {
    ws,
    frames,
    send(...texts) {
      for (const text of texts) ws.send(text);
    },
    first: (n) => eventually(`${n} frames`, () => frames.length >= n && frames.slice(0, n)),
    closed: () => within('the WebSocket closes', closed, 10_000),
  };
}

/** A client that has joined /chat; `frames` begins with the packets of the handshake. */
export async function openJoinedClient(host: string, eio: 3 | 4 = 3): Promise<BareClient> {
  const client = await openBareClient(host, `auth=%7B%7D&EIO=${eio}&transport=websocket`);
  client.send('40/chat');
  await eventually('the namespace is joined', () => client.frames.some((frame) => frame.startsWith('40/chat')));
  return client;
}
