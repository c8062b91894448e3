// What holds for every path of this door: any content type is read as JSON, an empty body is no body, what a body must
// hold is asked by its route, every error has one shape and one of eight statuses.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ImError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { parseJson } from '../../../http/json.ts';
import { errorAnswer, type Occasion } from '../errors.ts';

export const jsonType = 'application/json; charset=utf-8';
/** 3,000 names of 128 bytes are a tenth of it. */
const bodyBytesMax = 5 * 1024 * 1024;

export type DoorMetrics = { error(door: 'jmessage', code: string): void };

/** A route's `config`: what it is about, for errors that have several numbers. */
export const on = (occasion: Occasion): { occasion: Occasion } => ({ occasion });

const occasionOf = (request: FastifyRequest): Occasion | undefined =>
  (request.routeOptions.config as { occasion?: Occasion }).occasion;

/** One error shape for the scope. What is not an ImError is logged with its cause and told nothing of. */
export function answerErrors(door: FastifyInstance, log: Log, metrics: DoorMetrics | undefined): void {
  door.setErrorHandler((thrown, request, reply) => {
    const error = translated(thrown);
    const { code, status, body } = errorAnswer(error, occasionOf(request));
    metrics?.error('jmessage', code);
    if (status >= 500) {
      const write = code === 'unavailable' ? log.warn : log.error;
      write(
        { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
        'request failed',
      );
    }
    if (status === 401) reply.header('WWW-Authenticate', 'Basic realm="im"');
    return answer(reply, body, status);
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

/**
 * Bodies of this scope are JSON whatever their type says. What cannot be parsed is kept as text and refused where a body
 * is needed: a route that needs none ignores what it is sent.
 */
export function readJson(door: FastifyInstance): void {
  door.addHook('onRequest', async (request) => {
    // Clients send all sorts of types, malformed ones too; Fastify would refuse those before looking at the body.
    delete request.raw.headers['content-type'];
  });
  door.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: bodyBytesMax } as const;
  door.addContentTypeParser('*', options, async (_request: FastifyRequest, bytes: Buffer) => readBody(bytes));
  // Schemas document; what is lenient in this door (numbers as texts, null for absent) no schema says well.
  door.setValidatorCompiler(() => () => true);
  door.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

/** A body that is no JSON: the error is thrown by whoever asks for the body. */
export type Unreadable = { readonly unreadable: ImError };

export const isUnreadable = (body: unknown): body is Unreadable =>
  typeof body === 'object' && body !== null && (body as Unreadable).unreadable instanceof ImError;

function readBody(bytes: Buffer): unknown {
  try {
    const text = utf8.decode(bytes);
    return text.trim() === '' ? undefined : parseJson(text);
  } catch (error) {
    const why = { what: 'body', why: 'syntax' } as const;
    return {
      unreadable: error instanceof ImError ? error : new ImError('invalid-argument', 'the body is not UTF-8', why),
    } satisfies Unreadable;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export const answer = (reply: FastifyReply, value: unknown, status = 200): FastifyReply =>
  reply.code(status).type(jsonType).send(JSON.stringify(value));

/** 204, and no body. */
export const done = (reply: FastifyReply): FastifyReply => reply.code(204).send();
