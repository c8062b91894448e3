// How many requests an app may make in a minute: counted on this node, in windows that begin with a request.
import type { FastifyInstance } from 'fastify';
import { ImError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { appOf } from './caller.ts';

const windowMs = 60_000;

type Window = { readonly endsAt: number; count: number };

/** After the check of credentials. An app without a limit gets no headers: clients read all of them, or none. */
export function limitRate(door: FastifyInstance, clock: Clock): void {
  // One entry per app that has a limit: as many as the operator has set.
  const windows = new Map<number, Window>();
  door.addHook('onRequest', async (request, reply) => {
    const app = appOf(request);
    const limit = app.settings['jmessage.ratePerMinute'];
    if (limit === 0) {
      windows.delete(app.no);
      return;
    }
    const now = clock.now();
    const window = current(windows.get(app.no), now);
    windows.set(app.no, window);
    window.count += 1;
    reply.headers({
      'X-Rate-Limit-Limit': limit,
      'X-Rate-Limit-Quota': limit,
      'X-Rate-Limit-Remaining': Math.max(0, limit - window.count),
      'X-Rate-Limit-Reset': Math.ceil((window.endsAt - now) / 1000),
    });
    if (window.count > limit) {
      throw new ImError('rate-limited', 'too many requests', { retryAfterMs: window.endsAt - now });
    }
  });
}

function current(window: Window | undefined, now: number): Window {
  const live = window !== undefined && now < window.endsAt && now >= window.endsAt - windowMs;
  return live ? window : { endsAt: now + windowMs, count: 0 };
}
