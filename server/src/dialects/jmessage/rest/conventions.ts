// What holds for every path of this door: any content type is read as JSON, an empty body is no body, what a body must
// hold is asked by its route, every error has one shape and one of eight statuses.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ImError } from '../../../core/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { parseJson } from '../../../http/json.ts';
import { answer, decoded, logFailure, readAnyType, translated } from '../../../http/requests.ts';
import { errorAnswer, type Occasion } from '../errors.ts';

/** 3,000 names of 128 bytes are a tenth of it. */
const bodyBytesMax = 5 * 1024 * 1024;

export { answer } from '../../../http/requests.ts';

export type DoorMetrics = { error(door: 'jmessage', code: string): void };

/** A route's `config`: what it is about, for errors that have several numbers. */
export const on = (occasion: Occasion): { occasion: Occasion } => ({ occasion });

const occasionOf = (request: FastifyRequest): Occasion | undefined =>
  (request.routeOptions.config as { occasion?: Occasion }).occasion;

/** One error shape for the scope. What is not an ImError is logged with its cause and told nothing of. */
export function answerErrors(door: FastifyInstance, log: Log, metrics: DoorMetrics | undefined): void {
  door.setErrorHandler((thrown, request, reply) => {
    const error = translated(thrown, bodyBytesMax);
    const { code, status, body } = errorAnswer(error, occasionOf(request));
    metrics?.error('jmessage', code);
    if (status >= 500) logFailure(log, error, code, request);
    if (status === 401) reply.header('WWW-Authenticate', 'Basic realm="im"');
    return answer(reply, body, status);
  });
}

/**
 * Bodies of this scope are JSON whatever their type says. What cannot be parsed is kept as text and refused where a body
 * is needed: a route that needs none ignores what it is sent.
 */
export function readJson(door: FastifyInstance): void {
  readAnyType(door, bodyBytesMax, readBody);
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
    const text = decoded(bytes);
    return text.trim() === '' ? undefined : parseJson(text);
  } catch (unreadable) {
    if (unreadable instanceof ImError) return { unreadable } satisfies Unreadable;
    throw unreadable;
  }
}

/** 204, and no body. */
export const done = (reply: FastifyReply): FastifyReply => reply.code(204).send();
