// Errors that no door answers: unknown paths, and what fails before a door is known. The owner of the path's prefix
// gives the shape; everything unowned speaks MaxLeap's.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ImError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';

/** How the owner of some paths says that a request failed. `message` may be shown to anybody. */
export type ErrorShape = {
  owns(path: string): boolean;
  /** The status it has instead; absent: the one it came with. */
  status?(status: number): number;
  body(status: number, message: string): unknown;
};

export const houseShape: ErrorShape = {
  owns: () => true,
  body: (status, errorMessage) => ({ errorCode: houseCode(status), errorMessage }),
};

function houseCode(status: number): number {
  if (status === 404 || status === 405) return 5009;
  if (status >= 500) return 5002;
  return status === 413 || status === 414 || status === 431 ? 5010 : 5001;
}

const owns =
  (prefix: string) =>
  (path: string): boolean =>
    path === prefix || path.startsWith(`${prefix}/`);

export const adminShape: ErrorShape = {
  owns: owns('/admin'),
  body: (status, message) => ({
    error: { code: status === 404 ? 'not-found' : status >= 500 ? 'internal' : 'invalid-argument', message },
  }),
};

/** The paths of LeanCloud's routers stand below a prefix that is JMessage's. */
const leancloudRouter = owns('/v1/route');

export const jmessageShape: ErrorShape = {
  owns: (path) => (owns('/v1')(path) || owns('/v2')(path)) && !leancloudRouter(path),
  // Its clients read the body of no other.
  status: (status) => ([401, 403, 404, 405, 429, 500, 503].includes(status) ? status : status > 500 ? 500 : 400),
  body: (status, message) => ({ error: { code: jmessageCode(status), message } }),
};

function jmessageCode(status: number): number {
  if (status === 404 || status === 405) return 800008;
  if (status === 503) return 899030;
  return status >= 500 ? 899000 : 899003;
}

export const leancloudShape: ErrorShape = {
  owns: (path) => owns('/1.1')(path) || owns('/1.2')(path) || owns('/2/route')(path) || leancloudRouter(path),
  body: (status, error) => ({ code: status === 400 ? 107 : status >= 500 ? 1 : status, error }),
};

const shapeFor = (url: string): ErrorShape => {
  const path = url.split('?', 1)[0] ?? '';
  return [adminShape, jmessageShape, leancloudShape].find((one) => one.owns(path)) ?? houseShape;
};

export const bodyFor = (url: string, status: number, message: string): unknown => shapeFor(url).body(status, message);

/** Statuses an ImError has where no door translates it. */
function statusOf(error: FastifyError | ImError): number {
  if (!(error instanceof ImError)) return error.statusCode ?? 500;
  if (error.code === 'invalid-argument') return 400;
  return error.code === 'unavailable' ? 503 : 500;
}

export function answerError(log: Log) {
  return (error: FastifyError | ImError, request: FastifyRequest, reply: FastifyReply): void => {
    const status = statusOf(error);
    const told = status >= 400 && status < 500;
    if (!told) log.error({ error, requestId: request.id, method: request.method }, 'request failed');
    const shown = told || status === 503 ? status : 500;
    reply
      .code(shapeFor(request.url).status?.(shown) ?? shown)
      .send(bodyFor(request.url, status, told ? messageOf(error) : 'internal error'));
  };
}

/** Fastify's own sentences repeat parts of the request; the known ones get ours. */
function messageOf(error: FastifyError | ImError): string {
  if (error.code === 'FST_ERR_BAD_URL') return 'the path is not properly percent-encoded';
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return 'a part of the path is too long';
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'the body is too large';
  return error.message;
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  letBrowsersRead(request, reply);
  reply.code(404).send(bodyFor(request.url, 404, 'operation not supported'));
}

/** Without this a web page sees no status and no body, only "network error". It gives nothing away. */
function letBrowsersRead(request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  if (origin !== undefined && !adminShape.owns(request.url))
    reply.header('Access-Control-Allow-Origin', origin).header('Vary', 'Origin');
}
