// The bare HTTP server: one origin, one listener. Doors bring their routes as Fastify plugins and their sockets as
// gateways; what no door owns is answered here, in the owner's shape.
import type { IncomingMessage } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { parse } from 'node:querystring';
import { fastify as createFastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Log } from '../core/ports/log.ts';
import { httpBounds } from './bounds.ts';
import { type DemoOptions, demo } from './demo.ts';
import { docs, type OpenApiDocument } from './docs.ts';
import { answerError, answerNotFound } from './errors.ts';
import { type Check, type HealthOptions, health } from './health.ts';
import {
  type HttpMetrics,
  type Listener,
  type MountedGateway,
  openListener,
  refuseBrokenRequest,
  requestIdOf,
} from './listener.ts';
import { readTlsPair, reloadTls, type TlsFiles } from './tls.ts';
import { originOf, remoteAddress, trustIn } from './trust.ts';

export type HttpOptions = {
  host: string;
  port: number;
  tls?: TlsFiles;
  /** Addresses and networks of proxies whose X-Forwarded-* headers are believed. */
  trustProxy?: readonly string[];
  /** The address that clients see; absent: what each request says. */
  publicUrl?: string;
  log: Log;
  metrics?: HttpMetrics & HealthOptions['metrics'];
  /** What must be in order before anybody is served: else /readyz is 503 and names it. */
  checks: readonly Check[];
  /** Documents that /docs offers. */
  documents?: readonly OpenApiDocument[];
  /** What stands at `/`; absent: a plain page. */
  demo?: DemoOptions;
  bodyBytesMax?: number;
  /** For tests: how often TLS files are looked at, and how long closing waits. */
  tlsLookEveryMs?: number;
  drainMsMax?: number;
};

export type Http = {
  fastify: FastifyInstance;
  /** Gateways are asked in the order of mounting, before any route. */
  mount(gateway: MountedGateway): void;
  /** `port`: the real one; `url`: where somebody on this machine reaches it. */
  listen(): Promise<{ port: number; url: string }>;
  /** From now on /readyz answers 503, so that balancers send nobody new. */
  leave(): void;
  /** Stops accepting, finishes requests in flight within a bounded time. Gateways are closed by whoever opened them. */
  close(): Promise<void>;
  /** Scheme and host that the caller sees, without a slash at the end. */
  publicUrl(request: FastifyRequest): string;
  /** The caller's address behind trusted proxies; also for upgrades. */
  remoteAddress(req: IncomingMessage): string;
};

export async function openHttp(options: HttpOptions): Promise<Http> {
  const log = options.log.child({ area: 'http' });
  const trust = trustIn(options.trustProxy ?? []);
  const tls = options.tls ? await readTlsPair(options.tls) : undefined;
  let opened: Listener | undefined;
  const fastify = createFastify({
    serverFactory: (routes) => {
      opened = openListener(routes, { tls, log, metrics: options.metrics, drainMsMax: options.drainMsMax });
      return opened.server;
    },
    logger: false,
    trustProxy: (address) => trust(address),
    genReqId: (req) => requestIdOf(req as IncomingMessage),
    requestIdHeader: false,
    bodyLimit: options.bodyBytesMax ?? httpBounds.bodyBytesMax,
    // A door that has schemas sets compilers of its own: Fastify's would be loaded at every start and never used.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: httpBounds.paramCharsMax,
      querystringParser: parseQuery,
    },
    frameworkErrors: answerError(log),
    clientErrorHandler: refuseBrokenRequest,
  });
  const listener = opened as unknown as Listener;
  const stopReloading = options.tls
    ? reloadTls(listener.server as TlsServer, options.tls, log, options.tlsLookEveryMs)
    : () => {};

  let leaving = false;
  let localUrl = '';
  fastify.setErrorHandler(answerError(log));
  fastify.setNotFoundHandler(answerNotFound);
  fastify.addHook('onRequest', async (_request, reply) => {
    reply.header('X-Content-Type-Options', 'nosniff');
  });
  await fastify.register(health, {
    checks: [{ name: 'stopping', ok: () => !leaving }, ...options.checks],
    metrics: options.metrics,
  });
  await fastify.register(docs, { documents: options.documents ?? [], hasOwnPage: !!options.demo });
  if (options.demo) await fastify.register(demo, options.demo);

  return {
    fastify,
    mount: listener.mount,
    async listen() {
      await fastify.ready();
      const port = await listener.listen(options.host, options.port);
      localUrl = `${tls ? 'https' : 'http'}://${reachable(options.host)}:${port}`;
      return { port, url: localUrl };
    },
    leave() {
      leaving = true;
    },
    async close() {
      leaving = true;
      stopReloading();
      await listener.close();
      await fastify.close();
    },
    publicUrl: (request) => options.publicUrl ?? originOf(request.raw, trust) ?? localUrl,
    remoteAddress: (req) => remoteAddress(req, trust),
  };
}

const noCompiler = (): never => {
  throw new Error('who gives a route a schema sets the compilers of its scope');
};

/** The last of repeated names counts; the result has no prototype that a name could hit. */
export function parseQuery(text: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(parse(text, '&', '=', { maxKeys: httpBounds.queryNamesMax }))) {
    query[name] = (Array.isArray(value) ? value.at(-1) : value) ?? '';
  }
  return query;
}

/** A wildcard address is not one that a browser can open. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
