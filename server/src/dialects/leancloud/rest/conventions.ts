// What holds for every path of this door: callers, parameters wherever they stand, one error shape, open to any page.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Log } from '../../../core/ports/log.ts';
import { parseJson } from '../../../http/json.ts';
import { authenticate, type Caller, headerOf } from '../auth.ts';
import { restAnswer } from '../errors.ts';
import { optionalText, paramsOf } from './params.ts';

export type DoorMetrics = { error(door: 'leancloud', code: string): void };

const jsonType = 'application/json; charset=utf-8';
const bodyBytesMax = 1024 * 1024;
const slot = 'leancloudCaller';
/** The request says that its body is a plain text; and such a body, once it was read for its credentials. */
const plainSlot = 'leancloudPlain';
const bodySlot = 'leancloudBody';

const corsHeaders = {
  'Access-Control-Allow-Methods': 'HEAD, GET, POST, PUT, DELETE, OPTIONS',
  'Access-Control-Allow-Headers':
    'Content-Type, Cache-Control, X-LC-Id, X-LC-Key, X-LC-Sign, X-LC-Session, X-LC-Prod, X-LC-UA, X-LC-Hook-Key, X-LC-IM-Session-Token, X-Requested-With, X-AVOSCloud-Application-Id, X-AVOSCloud-Application-Key, X-AVOSCloud-Application-Production, X-AVOSCloud-Client-Version, X-AVOSCloud-Request-Sign, X-AVOSCloud-Session-Token, X-AVOSCloud-Super-Key, X-Uluru-Application-Id, X-Uluru-Application-Key, X-Uluru-Application-Production, X-Uluru-Client-Version, X-Uluru-Session-Token',
  'Access-Control-Max-Age': '86400',
};

export function allowOrigins(door: FastifyInstance): void {
  door.addHook('onRequest', async (request, reply) => {
    allowOrigin(request, reply);
    if (request.method === 'OPTIONS') return reply.code(204).headers(corsHeaders).send();
  });
}

function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('Access-Control-Allow-Origin', request.headers.origin ?? '*').header('Vary', 'Origin');
}

/** What is not an ImError is logged with its cause and told nothing of. */
export function answerErrors(door: FastifyInstance, log: Log, metrics: DoorMetrics | undefined): void {
  door.setErrorHandler((thrown, request, reply) => {
    const error = translated(thrown);
    const { code, status, body } = restAnswer(error);
    metrics?.error('leancloud', code);
    if (status >= 500) {
      const fields = { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url };
      (code === 'unavailable' ? log.warn : log.error)(fields, 'request failed');
    }
    allowOrigin(request, reply);
    return answer(reply, body, status);
  });
}

/** Fastify's own refusals in the core's words. */
function translated(error: unknown): unknown {
  if (error instanceof ImError || typeof error !== 'object' || error === null) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ImError('too-large', `the body is larger than ${bodyBytesMax} bytes`, { what: 'body' });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new ImError('invalid-argument', 'Malformed request.', { what: 'json', why: 'syntax' });
  return error;
}

/** Bodies are JSON whatever their type says, on every method; a route sees `undefined` where there is none. */
export function readJson(door: FastifyInstance): void {
  door.decorateRequest(plainSlot, false);
  door.decorateRequest(bodySlot, null);
  door.addHook('onRequest', async (request) => {
    const type = request.raw.headers['content-type'] ?? '';
    request.setDecorator(plainSlot, type.trimStart().toLowerCase().startsWith('text/plain'));
    delete request.raw.headers['content-type'];
  });
  door.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: bodyBytesMax } as const;
  door.addContentTypeParser('*', options, async (_request: FastifyRequest, text: string) =>
    text.trim() === '' ? undefined : readBody(text),
  );
  // Several samples, and one of the SDKs, send a body with GET.
  door.addHook('preValidation', async (request) => {
    if (request.method !== 'GET' || !hasBody(request)) return;
    const text = (bodyIn(request) ?? (await takeBody(request.raw))).toString();
    if (text.trim() !== '') request.body = readBody(text);
  });
  door.setValidatorCompiler(() => () => true);
  door.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function readBody(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ImError(
      'invalid-argument',
      'Malformed json object. A json dictionary is expected.',
      { what: 'json', why: 'syntax' },
      { cause: error },
    );
  }
}

/** Credentials are looked at before the body is read and before anything is looked up. */
export function demandCredentials(door: FastifyInstance, core: Pick<Core, 'apps' | 'clock'>): void {
  door.decorateRequest(slot, null);
  door.addHook('onRequest', async (request) => {
    const inBody = request.getDecorator<boolean>(plainSlot) && headerOf(request.headers, 'id') === undefined;
    if (inBody) request.setDecorator(bodySlot, await takeBody(request.raw));
    const headers = inBody ? { ...request.headers, ...headersIn(bodyIn(request)) } : request.headers;
    request.setDecorator(slot, await authenticate(core, headers));
  });
  door.addHook('preParsing', async (request, _reply, payload) => {
    const text = bodyIn(request);
    return text === null ? payload : Object.assign(Readable.from([text]), { receivedEncodedLength: text.length });
  });
}

const bodyIn = (request: FastifyRequest): Buffer | null => request.getDecorator<Buffer | null>(bodySlot);

/** Pages of old browsers may send no headers: the body is a plain text that brings the credentials along. */
async function takeBody(raw: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of raw) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax)
      throw new ImError('too-large', `the body is larger than ${bodyBytesMax} bytes`, { what: 'body' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const bodyNames = {
  _ApplicationId: 'x-lc-id',
  _ApplicationKey: 'x-lc-key',
  _MasterKey: 'x-avoscloud-master-key',
  _SessionToken: 'x-lc-session',
} as const;

function headersIn(text: Buffer | null): Record<string, string> {
  const body = text === null || text.length === 0 ? {} : readBody(text.toString());
  if (!isJsonObject(body)) return {};
  // A master key in the body is worth more than the key beside it.
  const { _ApplicationKey: key, ...master } = body;
  const said: JsonObject =
    typeof body._MasterKey === 'string'
      ? master
      : { ...master, ...(key === undefined ? {} : { _ApplicationKey: key }) };
  return Object.fromEntries(
    Object.entries(bodyNames).flatMap(([name, header]) => {
      const value = said[name];
      return typeof value === 'string' ? [[header, value]] : [];
    }),
  );
}

export const callerOf = (request: FastifyRequest): Caller => request.getDecorator<Caller>(slot);

/** An onRequest hook: only the master key opens it. */
export const masterOnly = async (request: FastifyRequest): Promise<void> => {
  if (!callerOf(request).master) throw new ImError('forbidden', 'Forbidden: master key required.');
};

/** An onRequest hook: the master key, where the app is as strict as the newest documents. */
export const masterWhenStrict = async (request: FastifyRequest): Promise<void> => {
  const { app, master } = callerOf(request);
  if (!master && app.settings['leancloud.requireMasterKey'])
    throw new ImError('forbidden', 'Forbidden: master key required.');
};

/** The first documents' shape of an answer goes to callers with the app key, the newest to the master key's. */
export function newestShape({ app, master }: Caller): boolean {
  const shape = app.settings['leancloud.answerShape'];
  return shape === 'caller' ? master : shape === 'newest';
}

export function paramsIn(request: FastifyRequest): JsonObject {
  const params = paramsOf((request.raw.url ?? '').split('?').slice(1).join('?'), request.body as Json | undefined);
  if (bodyIn(request) === null) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => !/^_(?!_)/.test(name)));
}

/** The session token of a user, in its header, in the body of a page without headers, or as a parameter. */
export function sessionIn(request: FastifyRequest): string | undefined {
  const inBody = headersIn(bodyIn(request))['x-lc-session'];
  return (
    headerOf(request.headers, 'session') ?? inBody ?? optionalText(paramsIn(request), 'session_token', 'sessionToken')
  );
}

/** A part of the path. */
export const segment = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string>)[name] ?? '';

export const answer = (reply: FastifyReply, value: unknown, status = 200): FastifyReply =>
  reply.code(status).type(jsonType).send(JSON.stringify(value));
