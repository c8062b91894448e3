// How often an application may speak over REST, where it asked for the limits: by the minute and by the day, counted on
// this node. A budget that is used up opens again when its minute, or its day, is over.
import type { FastifyInstance } from 'fastify';
import { ImError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { callerOf } from './rest/conventions.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Figures of the vendor's larger plan. */
const budgets = {
  messages: { perMinute: 1_800 },
  subscribers: { perMinute: 30, perDay: 1_000 },
  everybody: { perMinute: 10, perDay: 30 },
} as const;
type Budget = keyof typeof budgets;

const ordinary = /^\/1\.2\/rtm\/(conversations|chatrooms)\/:id\/messages(\/:mid(\/recall)?)?$/;
const olderOrdinary = ['/1.1/rtm/messages', '/1.1/rtm/patch/message'];
const toService = /^\/1\.2\/rtm\/service-conversations\/:id\/messages(\/:mid(\/recall)?)?$/;
const toSubscribers = ['/1.2/rtm/service-conversations/:id/broadcasts', '/1.1/rtm/broadcast/subscriber'];
const toEverybody = ['/1.2/rtm/broadcasts', '/1.1/rtm/broadcast'];

/** What a request is taken from; undefined: it costs nothing. A service's changes count as words to single clients. */
export function budgetOf(method: string, route: string | undefined): Budget | undefined {
  if (route === undefined || (method !== 'POST' && method !== 'PUT')) return undefined;
  if (ordinary.test(route) || toService.test(route) || olderOrdinary.includes(route)) return 'messages';
  if (toSubscribers.includes(route)) return 'subscribers';
  return toEverybody.includes(route) ? 'everybody' : undefined;
}

type Window = { readonly endsAt: number; count: number };

/** After the check of credentials. */
export function limitRate(door: FastifyInstance, clock: Clock): void {
  // As many entries as there are budgets of the apps that have limits.
  const windows = new Map<string, Window>();
  const take = (key: string, lengthMs: number, most: number): void => {
    const now = clock.now();
    const before = windows.get(key);
    // Days end at midnight.
    const endsAt = lengthMs === dayMs ? now - (now % dayMs) + dayMs : now + minuteMs;
    const window = before && now < before.endsAt ? before : { endsAt, count: 0 };
    windows.set(key, window);
    window.count += 1;
    if (window.count > most)
      throw new ImError('rate-limited', 'Too many requests.', { retryAfterMs: window.endsAt - now });
  };
  door.addHook('onRequest', async (request) => {
    const { app } = callerOf(request);
    const budget = app.settings['leancloud.rateLimits']
      ? budgetOf(request.method, request.routeOptions.url)
      : undefined;
    if (budget === undefined) return;
    const { perMinute, ...more } = budgets[budget];
    take(`${app.no}/${budget}/minute`, minuteMs, perMinute);
    if ('perDay' in more) take(`${app.no}/${budget}/day`, dayMs, more.perDay);
  });
}
