// The realtime door of MaxLeap: one path, two engines behind it. A handshake that asks for WebSocket takes our own
// engine; polling, and the upgrade of a session that began with polling, take the engine.io package.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '../../../core/limits.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Connection } from './connection.ts';
import { type EngineOptions, openWebSocketEngine, rawQueryOf } from './engine-io.ts';
import { Sweep } from './heartbeat.ts';
import { openPollingEngine } from './polling.ts';
import { type ChatHandlers, Peer } from './socket-io.ts';

export { type EventPacket, eventPacket } from './packets.ts';
export type { ChatHandlers, ChatSocket } from './socket-io.ts';

export type Gateway = {
  /** True when it took the request: polling on /socket.io/ and its CORS preflight. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** True when it took the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  counts(): { connections: number };
  /** Accepts nobody any more and closes every transport without the disconnect packet, so that clients come again. */
  close(): Promise<void>;
};

export type GatewayOptions = {
  readonly log: Log;
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  /** A connection that is not in /chat for this long is closed. */
  readonly joinTimeoutMs?: number;
  /** One WebSocket message, or one polling request's body. */
  readonly frameBytesMax?: number;
  readonly outboxBytesMax?: number;
  /** How long close() waits for clients to answer. */
  readonly closeGraceMs?: number;
  readonly remoteAddress?: (request: IncomingMessage) => string;
};

export function openGateway(handlers: ChatHandlers, options: GatewayOptions): Gateway {
  const { log, joinTimeoutMs = 30_000, closeGraceMs = 2_000 } = options;
  const engineOptions: EngineOptions = {
    pingIntervalMs: options.pingIntervalMs ?? 25_000,
    pingTimeoutMs: options.pingTimeoutMs ?? 60_000,
    // A 32 KiB body grows when it is a JSON string inside JSON.
    frameBytesMax: options.frameBytesMax ?? 128 * 1024,
    outboxBytesMax: options.outboxBytesMax ?? limits.outboxBytesMax,
    remoteAddress: options.remoteAddress ?? ((request) => request.socket.remoteAddress ?? ''),
  };
  const sweep = new Sweep(Math.min(1_000, engineOptions.pingIntervalMs / 4, joinTimeoutMs / 4));
  const peer = { handlers, log, joinTimeoutMs, sweep };
  const accept = (connection: Connection) => new Peer(connection, peer);
  const webSocket = openWebSocketEngine(accept, sweep, engineOptions);
  const polling = openPollingEngine(accept, engineOptions);
  let closing = false;
  return {
    handleRequest(request, response) {
      if (!isOurs(request)) return false;
      if (closing) response.writeHead(503, { Connection: 'close' }).end();
      else polling.handleRequest(request, response);
      return true;
    },
    handleUpgrade(request, socket, head) {
      if (!isOurs(request)) return false;
      if (closing) {
        socket.on('error', () => {});
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      } else if (beginsWithWebSocket(request)) {
        webSocket.handleUpgrade(request, socket, head);
      } else {
        polling.handleUpgrade(request, socket, head);
      }
      return true;
    },
    counts: () => ({ connections: webSocket.count() + polling.count() }),
    async close() {
      closing = true;
      polling.close();
      await webSocket.close(closeGraceMs);
      sweep.close();
    },
  };
}

function isOurs(request: IncomingMessage): boolean {
  const path = (request.url ?? '').split('?', 1)[0];
  return path === '/socket.io/' || path === '/socket.io';
}

function beginsWithWebSocket(request: IncomingMessage): boolean {
  const query = new URLSearchParams(rawQueryOf(request));
  return query.get('transport') === 'websocket' && !query.get('sid');
}
