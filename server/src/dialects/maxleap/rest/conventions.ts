// What holds for every path of this door: any content type is read as JSON, an empty body is no body, every answer is
// JSON as the route gave it, every error has one shape, and browsers may call from anywhere.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { ImError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { parseJson } from '../../../http/json.ts';
import { errorAnswer } from '../errors.ts';

export const jsonType = 'application/json; charset=utf-8';
const bodyBytesMax = 1024 * 1024;

export type DoorMetrics = { error(door: 'maxleap', code: string): void };

const corsHeaders = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE, HEAD, OPTIONS',
  // A list and not `*`, which old browsers do not know.
  'Access-Control-Allow-Headers':
    'X-ML-AppId, X-ML-Request-Sign, X-ML-APIKey, X-ML-MasterKey, X-ML-Session-Token, X-Parrot-Version, Content-Type, Accept, Origin, X-Requested-With',
  'Access-Control-Max-Age': '86400',
};

/** Answers of this scope may be read by any page; a preflight is answered at once, without credentials. */
export function allowOrigins(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    allowOrigin(request, reply);
    if (request.method === 'OPTIONS') return reply.code(204).headers(corsHeaders).send();
  });
}

function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('Access-Control-Allow-Origin', request.headers.origin ?? '*').header('Vary', 'Origin');
}

/** One error shape for the scope. What is not an ImError is logged with its cause and told nothing of. */
export function answerErrors(
  app: FastifyInstance,
  log: Log,
  metrics: DoorMetrics | undefined,
  say: (error: unknown) => { code: string; status: number; body: object } = errorAnswer,
): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = translated(thrown);
    const { code, status, body } = say(error);
    metrics?.error('maxleap', code);
    if (status >= 500) {
      const write = code === 'unavailable' ? log.warn : log.error;
      write(
        { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
        'request failed',
      );
    }
    allowOrigin(request, reply);
    const waitMs = error instanceof ImError ? error.details.retryAfterMs : undefined;
    if (waitMs !== undefined) reply.header('Retry-After', Math.ceil(waitMs / 1_000));
    return reply.code(status).type(jsonType).send(JSON.stringify(body));
  });
}

/** Fastify's own refusals in the core's words. */
function translated(error: unknown): unknown {
  if (error instanceof ImError || typeof error !== 'object' || error === null) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ImError('too-large', `the body is larger than ${bodyBytesMax} bytes`, {
      what: 'body',
      max: bodyBytesMax,
    });
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new ImError('invalid-argument', 'the request cannot be read', { why: 'syntax' });
  }
  return error;
}

/** Bodies of this scope are JSON whatever their type says; the route sees `undefined` where there is none. */
export function readJson(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    // Clients send all sorts of types, malformed ones too; Fastify would refuse those before looking at the body.
    delete request.raw.headers['content-type'];
  });
  app.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: bodyBytesMax } as const;
  app.addContentTypeParser('*', options, async (_request: FastifyRequest, bytes: Buffer) => {
    const text = decoded(bytes);
    return text.trim() === '' ? undefined : parseJson(text);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ImError('invalid-argument', 'the body is not UTF-8', { what: 'body', why: 'syntax' });
  }
}

/** Only bodies are held to their schemas, as they came: nothing is coerced, defaulted or removed, in or out. */
export function checkBodies(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => {
    if (httpPart !== 'body') return () => true;
    const validator = Compile(schema as object);
    return (body: unknown) => {
      if (body === undefined || body === null || validator.Check(body)) return { value: body };
      const at = validator.Errors(body)[0]?.instancePath || '/';
      return {
        error: new ImError('invalid-argument', `the body does not have the documented shape at ${at.slice(0, 100)}`, {
          what: 'body',
          why: 'type',
        }),
      };
    };
  });
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

/** A JSON answer; also for bare strings, numbers and null, which Fastify would send in other types. */
export const answer = (reply: FastifyReply, value: unknown, status = 200): FastifyReply =>
  reply.code(status).type(jsonType).send(JSON.stringify(value));

/** Where the documents promise a status alone: `{}`, which every SDK can parse. */
export const created = (reply: FastifyReply): FastifyReply => answer(reply, {}, 201);
export const gone = (reply: FastifyReply): FastifyReply => reply.code(204).send();
