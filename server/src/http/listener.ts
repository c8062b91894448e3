// The listening socket: HTTP or HTTPS, gateways in front of the routes, a number and a log line for every request,
// bounded in time and size, and a way to close that lets requests in flight finish.
import { randomBytes } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../core/ports/log.ts';
import { httpBounds } from './bounds.ts';
import { bodyFor } from './errors.ts';
import type { TlsPair } from './tls.ts';

/** A door that wants to see requests and upgrades before the routes do; each says whether it took the one it was shown. */
export type MountedGateway = {
  handleRequest(req: IncomingMessage, res: ServerResponse): boolean;
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
};

export type HttpMetrics = { httpRequest(method: string, status: number, ms: number): void };

const serverOptions = {
  headersTimeout: httpBounds.headersTimeoutMs,
  requestTimeout: httpBounds.requestTimeoutMs,
  keepAliveTimeout: httpBounds.keepAliveTimeoutMs,
  maxHeaderSize: httpBounds.headerBytesMax,
  connectionsCheckingInterval: 5_000,
};

const requestIds = new WeakMap<IncomingMessage, string>();
const bootId = randomBytes(4).toString('hex');
let requestCount = 0;

/** Our own number of a request; what a client sends as one is not looked at. */
export function requestIdOf(req: IncomingMessage): string {
  let id = requestIds.get(req);
  if (id === undefined) {
    id = `${bootId}-${(++requestCount).toString(36)}`;
    requestIds.set(req, id);
  }
  return id;
}

export type Listener = {
  server: Server;
  mount(gateway: MountedGateway): void;
  listen(host: string, port: number): Promise<number>;
  /** Stops accepting, lets requests in flight finish for a bounded time, closes what is left. */
  close(): Promise<void>;
};

export function openListener(
  routes: RequestListener,
  options: { tls?: TlsPair; log: Log; metrics?: HttpMetrics; drainMsMax?: number },
): Listener {
  const { log, metrics } = options;
  const gateways: MountedGateway[] = [];
  const upgraded = new Set<Duplex>();
  const answering = new Set<ServerResponse>();
  let closing = false;

  const front = (req: IncomingMessage, res: ServerResponse): void => {
    const started = performance.now();
    const requestId = requestIdOf(req);
    res.setHeader('X-Request-Id', requestId);
    if (closing) res.shouldKeepAlive = false;
    let realtime = false;
    answering.add(res);
    res.once('close', () => {
      answering.delete(res);
      const ms = Math.round((performance.now() - started) * 10) / 10;
      const status = res.writableEnded ? res.statusCode : 499;
      metrics?.httpRequest(methodLabel(req.method), status, ms);
      const path = (req.url ?? '').split('?', 1)[0];
      const fields = { requestId, method: req.method, path, status, ms };
      if (realtime || path === '/healthz' || path === '/readyz' || path === '/metrics') log.debug(fields, 'request');
      else log.info(fields, 'request');
    });
    try {
      realtime = gateways.some((gateway) => gateway.handleRequest(req, res));
      if (!realtime) routes(req, res);
    } catch (error) {
      log.error({ error, requestId }, 'request failed');
      if (res.headersSent) res.destroy();
      else
        res
          .writeHead(500, { 'content-type': 'application/json' })
          .end(JSON.stringify(bodyFor(req.url ?? '', 500, 'internal error')));
    }
  };

  const server: Server = options.tls
    ? createTlsServer({ ...serverOptions, ...options.tls, minVersion: 'TLSv1.2' }, front)
    : createServer(serverOptions, front);
  server.setTimeout(httpBounds.silenceTimeoutMs);
  server.maxConnections = httpBounds.connectionsMax;
  // A function of its own: what the listeners below close over lives as long as the socket, and the request must not.
  const isTaken = (req: IncomingMessage, socket: Duplex, head: Buffer): boolean =>
    gateways.some((gateway) => gateway.handleUpgrade(req, socket, head));
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    // A peer that vanishes is no failure of ours; whoever took the socket hears its close.
    socket.on('error', () => socket.destroy());
    if ('setTimeout' in socket) (socket as { setTimeout(ms: number): void }).setTimeout(0);
    try {
      if (!closing && isTaken(req, socket, head)) return;
      refuse(socket, closing ? 503 : 404, req.url ?? '');
    } catch (error) {
      log.error({ error, requestId: requestIdOf(req) }, 'upgrade failed');
      socket.destroy();
    }
  });

  return {
    server,
    mount: (gateway) => void gateways.push(gateway),
    listen: (host, port) => listen(server, host, port),
    async close() {
      closing = true;
      for (const res of answering) res.shouldKeepAlive = false;
      await drain(server, upgraded, options.drainMsMax ?? httpBounds.drainMsMax);
    },
  };
}

/** Answers in raw HTTP where there is no response object, and closes. */
export function refuse(socket: Duplex, status: number, url: string): void {
  const body = JSON.stringify(
    bodyFor(url, status, status === 404 ? 'operation not supported' : (STATUS_CODES[status] ?? 'error').toLowerCase()),
  );
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** What is no HTTP at all, too large or too slow, answered before there is a request. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else if (error.code === 'HPE_HEADER_OVERFLOW') refuse(socket, 431, '');
  else refuse(socket, error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400, '');
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
const methodLabel = (method = ''): string => (methods.has(method) ? method : 'other');

function listen(server: Server | TlsServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function drain(server: Server, upgraded: Set<Duplex>, drainMsMax: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection may become idle after the first sweep: its answer went out before it could be told to close.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => {
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  }, drainMsMax);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
