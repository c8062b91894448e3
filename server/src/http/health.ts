// What balancers and Prometheus ask: alive, ready to serve, figures.
import type { FastifyInstance } from 'fastify';

export type HealthOptions = {
  ready: () => Promise<boolean>;
  metrics?: { readonly contentType: string; text(): Promise<string> };
};

export async function health(app: FastifyInstance, { ready, metrics }: HealthOptions): Promise<void> {
  app.get('/healthz', async (_request, reply) => reply.header('Cache-Control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const isReady = await ready().catch(() => false);
    return reply
      .code(isReady ? 200 : 503)
      .header('Cache-Control', 'no-store')
      .send({ status: isReady ? 'ready' : 'not ready' });
  });
  if (metrics)
    app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
