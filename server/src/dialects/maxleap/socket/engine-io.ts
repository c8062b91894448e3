// Engine.IO 3 and 4 over a WebSocket that was one from the start: what the JavaScript and Android SDKs use. Frames go to
// the socket below `ws` through an outbox, so this file and not `ws` answers for slow readers.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { Outbox } from '../../../realtime/outbox.ts';
import { textFrame } from '../../../realtime/ws-frame.ts';
import type { Accept, Connection, ConnectionListener } from './connection.ts';
import { feel, type HeartbeatTiming, type Pulse, type Sweep } from './heartbeat.ts';
import { type EngineRevision, type EventPacket, packetFrame } from './packets.ts';

export type EngineOptions = HeartbeatTiming & {
  readonly frameBytesMax: number;
  readonly outboxBytesMax: number;
  readonly remoteAddress: (request: IncomingMessage) => string;
};

export type WebSocketEngine = {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  count(): number;
  /** Closes every connection; resolves when the sockets are gone, those of slow readers after `graceMs` by force. */
  close(graceMs: number): Promise<void>;
};

const pingFrame = textFrame('2');
const pongFrame = textFrame('3');

/** How long a peer may take to answer our goodbye before the transport is destroyed. */
export const closeTimeoutMs = 3_000;
/** Close codes of RFC 6455 §7.4.1. */
const closeCodes = { normal: 1000, goingAway: 1001 } as const;

export const newId = (): string => randomBytes(15).toString('base64url');

/** `EIO=4` in the query is revision 4; anything else, also nothing, is 3, as Socket.IO's own server reads it. */
export const revisionOf = (rawQuery: string): EngineRevision => (/(?:^|&)EIO=4(?:&|$)/.test(rawQuery) ? 4 : 3);

export const rawQueryOf = (request: IncomingMessage): string => {
  const url = request.url ?? '';
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
};

export function openWebSocketEngine(accept: Accept, sweep: Sweep, options: EngineOptions): WebSocketEngine {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.frameBytesMax,
    // @ts-expect-error known to ws 8.19 and later, not yet to its types
    closeTimeout: closeTimeoutMs,
  });
  const open = new Set<WsConnection>();
  /** Sockets that are open or still closing. */
  const sockets = new Set<WebSocket>();
  // A function of its own: what lives as long as the connection must not hold on to the request that opened it.
  const admit = (ws: WebSocket, socket: Duplex, request: IncomingMessage): void => {
    sockets.add(ws);
    const connection = new WsConnection(ws, socket, request, options, () => {
      open.delete(connection);
      sweep.delete(connection);
    });
    ws.once('close', () => sockets.delete(ws));
    open.add(connection);
    sweep.add(connection);
    connection.start(accept);
  };
  return {
    handleUpgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (ws) => admit(ws, socket, request));
    },
    count: () => open.size,
    async close(graceMs) {
      for (const connection of [...open]) connection.end('server closing', closeCodes.goingAway);
      const gone = Promise.all([...sockets].map((ws) => new Promise((resolve) => ws.once('close', resolve))));
      const timer = setTimeout(() => {
        for (const ws of sockets) ws.terminate();
      }, graceMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

class WsConnection implements Connection {
  readonly revision: EngineRevision;
  readonly rawQuery: string;
  readonly remoteAddress: string;
  readonly #ws: WebSocket;
  readonly #outbox: Outbox;
  readonly #options: EngineOptions;
  readonly #onGone: () => void;
  readonly #pulse: Pulse;
  #listener: ConnectionListener | undefined;
  #gone = false;

  constructor(ws: WebSocket, socket: Duplex, request: IncomingMessage, options: EngineOptions, onGone: () => void) {
    this.rawQuery = rawQueryOf(request);
    this.revision = revisionOf(this.rawQuery);
    this.remoteAddress = options.remoteAddress(request);
    this.#ws = ws;
    this.#options = options;
    this.#onGone = onGone;
    this.#outbox = new Outbox(socket, () => this.terminate('reads too slowly'), options.outboxBytesMax);
    const nowMs = performance.now();
    this.#pulse = { heardAtMs: nowMs, pingedAtMs: nowMs };
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('close', () => this.#leave('transport closed'));
    // Oversized frames, broken framing, bad UTF-8, a lost connection: ws closes by itself, and `close` follows.
    ws.on('error', () => {});
  }

  start(accept: Accept): void {
    const { pingIntervalMs, pingTimeoutMs, frameBytesMax } = this.#options;
    const handshake = { sid: newId(), upgrades: [], pingInterval: pingIntervalMs, pingTimeout: pingTimeoutMs };
    const sized = this.revision === 4 ? { ...handshake, maxPayload: frameBytesMax } : handshake;
    this.#outbox.push(textFrame(`0${JSON.stringify(sized)}`));
    this.#listener = accept(this);
  }

  send(packet: EventPacket): void {
    if (!this.#gone) this.#outbox.push(packetFrame(packet));
  }

  end(reason: string, code: number = closeCodes.normal): void {
    if (this.#gone) return;
    this.#outbox.flush();
    this.#leave(reason);
    this.#ws.close(code);
  }

  terminate(reason: string): void {
    if (this.#gone) return;
    this.#leave(reason);
    this.#ws.terminate();
  }

  sweep(nowMs: number): void {
    const need = feel(this.#pulse, this.revision, this.#options, nowMs);
    if (need === 'dead') this.terminate('ping timeout');
    if (need !== 'ping') return;
    this.#pulse.pingedAtMs = nowMs;
    this.#outbox.push(pingFrame);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#gone) return;
    this.#pulse.heardAtMs = performance.now();
    if (isBinary) {
      this.end('binary frame');
      return;
    }
    const text = data.toString();
    const type = text.charAt(0);
    if (type === '4') this.#listener?.heard(text.slice(1));
    else if (type === '2' && this.revision === 3) this.#outbox.push(pongFrame);
    else if (type === '1') this.end('closed by the client');
    else if (!this.#means(type)) this.end('no Engine.IO packet');
  }

  /** Packets that are in order and need nothing: the answer to our ping, and what an upgrade ends with. */
  #means(type: string): boolean {
    return type === '5' || type === '6' || (type === '3' && this.revision === 4);
  }

  #leave(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#outbox.close();
    this.#onGone();
    queueMicrotask(() => this.#listener?.closed(reason));
  }
}
