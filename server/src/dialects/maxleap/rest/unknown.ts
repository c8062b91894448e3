// Paths under this door's prefixes that no route takes: an unknown path, or a known one asked in another method. Both
// need no credentials. A wildcard is the last thing that the router tries, so nothing else is hidden.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unknownMethod, unknownPath } from '../errors.ts';
import { idIn } from './query.ts';

const prefixes = ['/ctx', '/groups', '/rooms', '/passengers', '/system', '/attachment', '/2.0'];
/** Paths outside the prefixes, of which this door serves some methods. */
const aliases = ['/:user/groups/:group', '/:user/rooms/:room'];
const urls = [...prefixes, ...prefixes.map((prefix) => `${prefix}/*`), ...aliases];

/** First segments that belong to others: below them an alias takes nothing. */
const foreign = new Set('1.1 1.2 v1 v2 2 2.0 admin docs uploads socket.io healthz readyz metrics'.split(' '));

/** Where an alias would catch another owner's path, the owner's "not found" answers. */
export function spareOthers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.url?.startsWith('/:')) return undefined;
    if (!foreign.has(idIn(request, 'user'))) return undefined;
    reply.callNotFound();
    return reply;
  });
}

type Known = { readonly method: string; readonly pattern: RegExp; readonly url: string };

/** Call before the routes are added; what it answers is to be called after them. */
export function watchRoutes(app: FastifyInstance): { answerTheRest(): void } {
  const known: Known[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}/?$`);
    for (const one of [method].flat()) known.push({ method: one, pattern, url });
  });
  return {
    answerTheRest() {
      const routes = [...known];
      // An alias begins with a parameter, which must not take the prefixes for users.
      const prefixed = routes.filter(({ url }) => !url.startsWith('/:'));
      const free = (url: string) => {
        const taken = new Set(routes.filter((route) => route.url === url).map(({ method }) => method));
        return app.supportedMethods.filter((method) => !taken.has(method));
      };
      for (const url of urls) {
        const handler = refuse(aliases.includes(url) ? routes : prefixed);
        app.route({ method: free(url), url, schema: { hide: true }, handler });
      }
    },
  };
}

const refuse = (routes: readonly Known[]) => async (request: FastifyRequest, reply: FastifyReply) => {
  const path = (request.url.split('?', 1)[0] ?? '').replace(/\/{2,}/g, '/');
  const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (methods.length === 0) throw unknownPath();
  reply.header('Allow', [...new Set(methods)].join(', '));
  throw unknownMethod();
};
