// What holds for every path of this door: callers, parameters wherever they stand, one error shape, open to any page.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { Log } from '../../../core/ports/log.ts';
import { parseJson } from '../../../http/json.ts';
import { authenticate, type Caller } from '../auth.ts';
import { restAnswer } from '../errors.ts';
import { paramsOf } from './params.ts';

export type DoorMetrics = { error(door: 'leancloud', code: string): void };

const jsonType = 'application/json; charset=utf-8';
const bodyBytesMax = 1024 * 1024;
const slot = 'leancloudCaller';

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
  door.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type'];
  });
  door.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: bodyBytesMax } as const;
  door.addContentTypeParser('*', options, async (_request: FastifyRequest, text: string) =>
    text.trim() === '' ? undefined : readBody(text),
  );
  door.setValidatorCompiler(() => () => true);
  door.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

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
    request.setDecorator(slot, await authenticate(core, request.headers));
  });
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

export const paramsIn = (request: FastifyRequest): JsonObject =>
  paramsOf((request.raw.url ?? '').split('?').slice(1).join('?'), request.body as Json | undefined);

/** A part of the path. */
export const segment = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string>)[name] ?? '';

export const answer = (reply: FastifyReply, value: unknown, status = 200): FastifyReply =>
  reply.code(status).type(jsonType).send(JSON.stringify(value));
