// Where the realtime server is: the two routers that the vendor's SDKs ask. They are told by an app's id alone.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../../../core/core.ts';
import { allowOrigins } from './conventions.ts';

export type RouterOptions = {
  readonly core: Pick<Core, 'apps'>;
  /** Origin that the client of a request sees, without a slash at its end. */
  readonly publicUrl: (request: FastifyRequest) => string;
};

const ttlSeconds = 3600;

/** A Fastify plugin. */
export async function leancloudRouter(root: FastifyInstance, { core, publicUrl }: RouterOptions): Promise<void> {
  await root.register(async (door) => {
    allowOrigins(door);
    for (const url of ['/v1/route', '/2/route'])
      door.route({
        method: ['GET', 'OPTIONS'],
        url,
        handler: async (request, reply) => {
          const { appId } = request.query as { appId?: unknown };
          const app = typeof appId === 'string' ? await core.apps.byId(appId) : undefined;
          if (!app) return reply.code(404).send({ code: 4100, error: 'APP_NOT_AVAILABLE' });
          const origin = publicUrl(request);
          return url === '/v1/route' ? realtimeRoute(origin) : appRoute(new URL(origin).host);
        },
      });
  });
}

/** The scheme is the one that the caller reached us by: an SDK says `secure=true` to plain servers too. */
function realtimeRoute(origin: string) {
  const server = `${origin.replace(/^http/, 'ws')}/ws`;
  return { groupId: 'g0', server, secondary: server, ttl: ttlSeconds };
}

const appRoute = (host: string) => ({
  ttl: ttlSeconds,
  api_server: host,
  rtm_router_server: host,
  push_server: host,
  stats_server: host,
  engine_server: host,
});
