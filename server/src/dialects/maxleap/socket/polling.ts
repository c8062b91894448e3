// Clients that begin with HTTP polling, and their upgrade to WebSocket, go through the engine.io package; here it is made
// to look like our own engine.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, type Socket } from 'engine.io';
import type { Accept, Connection, ConnectionListener } from './connection.ts';
import { toAscii, undouble } from './double-utf8.ts';
import { closeTimeoutMs, type EngineOptions, rawQueryOf } from './engine-io.ts';
import type { EngineRevision, EventPacket } from './packets.ts';

export type PollingEngine = {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  count(): number;
  close(): void;
};

export function openPollingEngine(accept: Accept, options: EngineOptions): PollingEngine {
  const server = new Server({
    allowEIO3: true,
    pingInterval: options.pingIntervalMs,
    pingTimeout: options.pingTimeoutMs,
    maxHttpBufferSize: options.frameBytesMax,
    perMessageDeflate: false,
    httpCompression: false,
  });
  const open = new Set<PolledConnection>();
  server.on('connection', (socket: Socket) => {
    const connection = new PolledConnection(socket, options, () => open.delete(connection));
    open.add(connection);
    connection.start(accept);
  });
  return {
    handleRequest(request, response) {
      allowOrigin(request, response);
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end();
      } else {
        server.handleRequest(request as Parameters<typeof server.handleRequest>[0], response);
      }
    },
    handleUpgrade(request, socket, head) {
      server.handleUpgrade(request as Parameters<typeof server.handleUpgrade>[0], socket, head);
    },
    count: () => open.size,
    close() {
      for (const connection of [...open]) connection.terminate('server closing');
      server.close();
    },
  };
}

/** Old clients poll other origins with credentials: the origin has to be named, `*` would be refused by the browser. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Vary', 'Origin');
  if (request.method !== 'OPTIONS') return;
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  const asked = request.headers['access-control-request-headers'];
  if (asked !== undefined) response.setHeader('Access-Control-Allow-Headers', asked);
  response.setHeader('Access-Control-Max-Age', '86400');
}

class PolledConnection implements Connection {
  readonly revision: EngineRevision;
  readonly rawQuery: string;
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #outboxBytesMax: number;
  readonly #onGone: () => void;
  #listener: ConnectionListener | undefined;
  /** Bytes that the package has not yet handed to a poll or to the WebSocket. */
  #queuedBytes = 0;
  #gone = false;

  constructor(socket: Socket, options: EngineOptions, onGone: () => void) {
    this.revision = socket.protocol === 4 ? 4 : 3;
    this.rawQuery = rawQueryOf(socket.request);
    this.remoteAddress = options.remoteAddress(socket.request);
    this.#socket = socket;
    this.#outboxBytesMax = options.outboxBytesMax;
    this.#onGone = onGone;
    // How long an orderly goodbye waits for the client's next poll; the package's own 30 s would hold up a stop.
    Object.assign(socket.transport, { closeTimeout: closeTimeoutMs });
    socket.on('flush', () => {
      this.#queuedBytes = 0;
    });
    socket.on('data', (data: unknown) => {
      if (this.#gone) return;
      if (typeof data !== 'string') this.end('binary frame');
      else this.#listener?.heard(this.#mayDouble() ? undouble(data) : data);
    });
    socket.on('close', (reason: string) => this.#leave(reason));
  }

  start(accept: Accept): void {
    this.#listener = accept(this);
  }

  send(packet: EventPacket): void {
    if (this.#gone) return;
    const text = this.#mayDouble() ? toAscii(packet.text) : packet.text;
    this.#queuedBytes += Buffer.byteLength(text);
    if (this.#queuedBytes > this.#outboxBytesMax) this.terminate('reads too slowly');
    else this.#socket.send(text, { compress: false });
  }

  end(reason: string): void {
    if (this.#gone) return;
    this.#leave(reason);
    this.#socket.close();
  }

  terminate(reason: string): void {
    if (this.#gone) return;
    this.#leave(reason);
    this.#socket.close(true);
  }

  #mayDouble(): boolean {
    return this.revision === 3 && this.#socket.transport.name === 'polling';
  }

  #leave(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#onGone();
    queueMicrotask(() => this.#listener?.closed(reason));
  }
}
