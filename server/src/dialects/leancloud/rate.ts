// How often an application may speak over REST, where it asked for the limits: by the minute and by the day, counted on
// this node. A budget that is used up opens again when its minute, or its day, is over.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../core/apps/app.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { callerOf } from './rest/conventions.ts';
import { dayMs, minuteMs, openWindows } from './windows.ts';

/** Figures of the vendor's larger plan. */
const budgets = {
  messages: { perMinute: 1_800 },
  subscribers: { perMinute: 30, perDay: 1_000 },
  everybody: { perMinute: 10, perDay: 30 },
} as const;
export type Budget = keyof typeof budgets;

const ordinary = /^\/1\.2\/rtm\/(conversations|chatrooms)\/:id\/messages(\/:mid(\/recall)?)?$/;
const olderMessages = '/1.1/rtm/messages';
const toService = /^\/1\.2\/rtm\/service-conversations\/:id\/messages$/;
const toSubscribers = ['/1.2/rtm/service-conversations/:id/broadcasts', '/1.1/rtm/broadcast/subscriber'];
const toEverybody = ['/1.2/rtm/broadcasts', '/1.1/rtm/broadcast'];

/** What a request is taken from; undefined: it costs nothing, or what it is about has to be looked up first (`spend`). */
export function budgetOf(method: string, route: string | undefined): Budget | undefined {
  if (route === undefined || (method !== 'POST' && method !== 'PUT')) return undefined;
  if (ordinary.test(route) || toService.test(route) || route === olderMessages) return 'messages';
  if (toSubscribers.includes(route)) return 'subscribers';
  return toEverybody.includes(route) ? 'everybody' : undefined;
}

const slot = 'leancloudSpend';

/** After the check of credentials. */
export function limitRate(door: FastifyInstance, clock: Clock): void {
  const take = openWindows(clock);
  door.decorate(slot, ({ no, settings }: App, budget: Budget): void => {
    if (!settings['leancloud.rateLimits']) return;
    const { perMinute, ...more } = budgets[budget];
    take(`${no}/${budget}/minute`, minuteMs, perMinute);
    if ('perDay' in more) take(`${no}/${budget}/day`, dayMs, more.perDay);
  });
  door.addHook('onRequest', async (request) => {
    const budget = budgetOf(request.method, request.routeOptions.url);
    if (budget !== undefined) spend(request, budget);
  });
}

/** Changes of what a service said count as what it said. Throws `rate-limited`. */
export function spend(request: FastifyRequest, budget: Budget): void {
  const { app } = callerOf(request);
  request.server.getDecorator<(app: App, budget: Budget) => void>(slot)(app, budget);
}
