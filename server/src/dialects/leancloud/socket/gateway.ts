// The realtime door of LeanCloud: any path, told by its subprotocol. Two timers' worth of patience for all connections
// in one sweep: who does not log in, and who is silent for too long.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { limits } from '../../../core/limits.ts';
import { Connection, type ConnectionListener, closeCodes } from './connection.ts';
import { type FrameForm, packet } from './packets.ts';

export type Gateway = {
  /** There is no polling on this door. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** True when it took the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  counts(): { connections: number };
  /** Accepts nobody any more and closes every connection so that clients come again; those who do not answer by force. */
  close(): Promise<void>;
};

/** What the door's chat offers a connection. */
export type Accept = (connection: Connection) => ConnectionListener;

export type GatewayOptions = {
  readonly loginTimeoutMs?: number;
  readonly silenceTimeoutMs?: number;
  readonly frameBytesMax?: number;
  readonly outboxBytesMax?: number;
  readonly closeGraceMs?: number;
  readonly remoteAddress?: (request: IncomingMessage) => string;
};

const forms: Record<string, { form: FrameForm; revision: 1 | 3 }> = {
  'lc.protobuf2.3': { form: 'binary', revision: 3 },
  'lc.protobuf2.1': { form: 'binary', revision: 1 },
  'lc.proto2base64.3': { form: 'base64', revision: 3 },
  'lc.proto2base64.1': { form: 'base64', revision: 1 },
  'lc.protobase64.3': { form: 'base64', revision: 3 },
  'lc.protobase64.1': { form: 'base64', revision: 1 },
  'lc.json.3': { form: 'json', revision: 3 },
  'lc.json.1': { form: 'json', revision: 1 },
};
const usual = 'lc.protobuf2.3';
/** Where `ws` closes by itself, the client hears this door's number for it. */
class LcSocket extends WebSocket {
  override close(code?: number, data?: string | Buffer): void {
    if (code === 1009) super.close(...closeCodes.frameTooLong);
    else if (code === 1007) super.close(...closeCodes.unparseable);
    else super.close(code, data);
  }
}

/** Clients ask the router again before they come back. */
const goaway = packet({ cmd: 'goaway' });

export function openGateway(accept: Accept, options: GatewayOptions = {}): Gateway {
  const { loginTimeoutMs = 60_000, silenceTimeoutMs = 360_000, closeGraceMs = 1_000 } = options;
  const server = new WebSocketServer({
    noServer: true,
    WebSocket: LcSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.frameBytesMax ?? 64 * 1024,
    handleProtocols: (offered) => [...offered].find((name) => Object.hasOwn(forms, name)) ?? false,
  });
  const open = new Set<Connection>();
  let closing = false;
  let allGone = (): void => {};

  const sweep = setInterval(
    () => {
      const nowMs = performance.now();
      for (const connection of open) {
        if (nowMs - connection.heardAtMs > silenceTimeoutMs) connection.end('readTimeout');
        else if (nowMs - connection.openedAtMs > loginTimeoutMs && !connection.loggedIn) connection.end('loginTimeout');
      }
    },
    Math.min(5_000, loginTimeoutMs / 4, silenceTimeoutMs / 4),
  );
  sweep.unref();

  const onGone = (connection: Connection): void => {
    open.delete(connection);
    if (open.size === 0) allGone();
  };
  // A function of its own: what lives as long as the connection must not hold on to the request that opened it.
  const admit = (ws: WebSocket, socket: Duplex, request: IncomingMessage, subprotocol: string): void => {
    const connection = new Connection(ws, socket, {
      ...(forms[subprotocol] ?? { form: 'binary', revision: 3 }),
      remoteAddress: options.remoteAddress?.(request) ?? request.socket.remoteAddress ?? '',
      webOrigin: request.headers.origin,
      outboxBytesMax: options.outboxBytesMax ?? limits.outboxBytesMax,
      nowMs: performance.now(),
      onGone,
    });
    open.add(connection);
    connection.listen(accept(connection));
  };

  return {
    handleRequest: () => false,
    handleUpgrade(request, socket, head) {
      const wanted = subprotocolOf(request);
      if (wanted === undefined) return false;
      if (closing) {
        socket.on('error', () => {});
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return true;
      }
      server.handleUpgrade(request, socket, head, (ws) => admit(ws, socket, request, wanted));
      return true;
    },
    counts: () => ({ connections: open.size }),
    async close() {
      closing = true;
      clearInterval(sweep);
      if (open.size === 0) return;
      const gone = new Promise<void>((resolve) => {
        allGone = resolve;
      });
      for (const connection of open) connection.send(goaway);
      // SDKs close by themselves, and some stumble over a close that comes while they do.
      await Promise.race([gone, wait(closeGraceMs)]);
      const left = [...open];
      if (left.length === 0) return;
      for (const connection of left) connection.end('goingAway');
      await wait(100);
      for (const connection of left) connection.terminate();
    },
  };
}

/** The first known subprotocol offered, in the header or, as mini programs do, in the query; undefined: not this door. */
function subprotocolOf(request: IncomingMessage): string | undefined {
  const header = String(request.headers['sec-websocket-protocol'] ?? '');
  const query = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '').get('subprotocol') ?? '';
  const offered = [...header.split(','), query].map((name) => name.trim());
  const known = offered.find((name) => Object.hasOwn(forms, name));
  if (known !== undefined) return known;
  // Something of LeanCloud's that we do not know: the usual form is the best guess.
  return offered.some((name) => name.startsWith('lc.')) ? usual : undefined;
}
