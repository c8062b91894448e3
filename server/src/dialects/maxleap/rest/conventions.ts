// What holds for every path of this door: any content type is read as JSON, an empty body is no body, every answer is
// JSON as the route gave it, every error has one shape, and browsers may call from anywhere.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/schema';
import { ImError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { parseJson } from '../../../http/json.ts';
import { answer, decoded, jsonType, logFailure, readAnyType, translated } from '../../../http/requests.ts';
import { errorAnswer } from '../errors.ts';

const bodyBytesMax = 1024 * 1024;

export { answer } from '../../../http/requests.ts';

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
    const error = translated(thrown, bodyBytesMax);
    const { code, status, body } = say(error);
    metrics?.error('maxleap', code);
    if (status >= 500) logFailure(log, error, code, request);
    allowOrigin(request, reply);
    const waitMs = error instanceof ImError ? error.details.retryAfterMs : undefined;
    if (waitMs !== undefined) reply.header('Retry-After', Math.ceil(waitMs / 1_000));
    return reply.code(status).type(jsonType).send(JSON.stringify(body));
  });
}

/** Bodies of this scope are JSON whatever their type says; the route sees `undefined` where there is none. */
export function readJson(app: FastifyInstance): void {
  readAnyType(app, bodyBytesMax, (bytes) => {
    const text = decoded(bytes);
    return text.trim() === '' ? undefined : parseJson(text);
  });
}

/** Only bodies are held to their schemas, as they came: nothing is coerced, defaulted or removed, in or out. */
export function checkBodies(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => {
    if (httpPart !== 'body') return () => true;
    const validator = Compile(schema as object);
    return (body: unknown) => {
      if (body === undefined || body === null || validator.Check(body)) return { value: body };
      const at = validator.Errors(body)[1][0]?.instancePath || '/';
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

/** Where the documents promise a status alone: `{}`, which every SDK can parse. */
export const created = (reply: FastifyReply): FastifyReply => answer(reply, {}, 201);
export const gone = (reply: FastifyReply): FastifyReply => reply.code(204).send();
