// What doors whose clients send any content type have in common: bodies as bytes, and refusals in the core's words.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ImError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';

export const jsonType = 'application/json; charset=utf-8';

export const answer = (reply: FastifyReply, value: unknown, status = 200): FastifyReply =>
  reply.code(status).type(jsonType).send(JSON.stringify(value));

/** Bodies of this scope reach `read` as bytes, whatever their type says. */
export function readAnyType(door: FastifyInstance, bytesMax: number, read: (bytes: Buffer) => unknown): void {
  door.addHook('onRequest', async (request) => {
    // Clients send all sorts of types, malformed ones too; Fastify would refuse those before looking at the body.
    delete request.raw.headers['content-type'];
  });
  door.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: bytesMax } as const;
  door.addContentTypeParser('*', options, async (_request: FastifyRequest, bytes: Buffer) => read(bytes));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Throws `invalid-argument`. */
export function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ImError('invalid-argument', 'the body is not UTF-8', { what: 'body', why: 'syntax' });
  }
}

/** Fastify's own refusals in the core's words; anything else as it is. */
export function translated(error: unknown, bytesMax: number): unknown {
  if (error instanceof ImError || typeof error !== 'object' || error === null) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ImError('too-large', `the body is larger than ${bytesMax} bytes`, { what: 'body', max: bytesMax });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new ImError('invalid-argument', 'the request cannot be read', { why: 'syntax' });
  return error;
}

/** What the caller is told nothing of is logged with its cause. */
export function logFailure(log: Log, err: unknown, code: string, request: FastifyRequest): void {
  const { id: requestId, method, routeOptions } = request;
  const write = code === 'unavailable' ? log.warn : log.error;
  write({ err, requestId, method, route: routeOptions.url }, 'request failed');
}
