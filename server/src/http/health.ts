// What balancers and Prometheus ask: alive, ready to serve, figures.
import type { FastifyInstance } from 'fastify';

/** Something that must be in order before anybody is served. */
export type Check = { readonly name: string; ok(): boolean | Promise<boolean> };

export type HealthOptions = {
  readonly checks: readonly Check[];
  readonly metrics?: { readonly contentType: string; text(): Promise<string> };
};

export async function health(app: FastifyInstance, { checks, metrics }: HealthOptions): Promise<void> {
  app.get('/healthz', async (_request, reply) => reply.header('Cache-Control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const because = await failing(checks);
    return reply
      .code(because.length === 0 ? 200 : 503)
      .header('Cache-Control', 'no-store')
      .send(because.length === 0 ? { status: 'ready' } : { status: 'not ready', because });
  });
  if (metrics)
    app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}

/** Names of those that are not in order; what cannot be found out is not. */
async function failing(checks: readonly Check[]): Promise<string[]> {
  const states = await Promise.all(checks.map(async (check) => check.ok()).map((answer) => answer.catch(() => false)));
  return checks.flatMap(({ name }, n) => (states[n] ? [] : [name]));
}
