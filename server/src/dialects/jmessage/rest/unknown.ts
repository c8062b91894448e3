// Paths under /v1 and /v2 that no route takes: an unknown path, or a known one asked in another method. Both need
// credentials. A wildcard is the last thing that the router tries, so nothing else is hidden.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { jmessageShape } from '../../../http/errors.ts';
import { badValue, unknownMethod, unknownPath } from '../errors.ts';

const urls = ['/v1', '/v1/*', '/v2', '/v2/*'];

/** Where the wildcard would catch another owner's path, the owner's "not found" answers. Before the check of credentials. */
export function spareOthers(door: FastifyInstance): void {
  door.addHook('onRequest', async (request, reply) => {
    if (jmessageShape.owns(pathOf(request))) return undefined;
    reply.callNotFound();
    return reply;
  });
}

const pathOf = (request: FastifyRequest): string =>
  (request.url.split('?', 1)[0] ?? '').replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');

type Known = { readonly method: string; readonly pattern: RegExp };

/** Call before the routes are added; what it answers is to be called after them. */
export function watchRoutes(door: FastifyInstance): { answerTheRest(scope: FastifyInstance): void } {
  const known: Known[] = [];
  door.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}$`);
    for (const one of [method].flat()) known.push({ method: one, pattern });
  });
  return {
    answerTheRest(scope) {
      const handler = refuse([...known]);
      const method = scope.supportedMethods;
      for (const url of urls) scope.route({ method, url, schema: { hide: true }, handler });
    },
  };
}

const refuse = (routes: readonly Known[]) => async (request: FastifyRequest, reply: FastifyReply) => {
  const path = pathOf(request);
  const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (methods.length === 0) throw unknownPath();
  // The router passes over parameters that are far too long.
  if (methods.includes(request.method)) throw badValue('a part of the path is too long', 'path');
  reply.header('Allow', [...new Set(methods)].join(', '));
  throw unknownMethod();
};
