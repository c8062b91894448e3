// A service speaks to everybody of the app: who is online hears it now, the others when they come, until it ends.
import type { App } from '../apps/app.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { PrincipalKey } from '../ids.ts';
import { limits } from '../limits.ts';
import type { Draft } from '../messages/message.ts';
import { appTopic } from '../ports/bus.ts';
import type { Cause } from '../push/outbox.ts';
import { canPush } from '../push/wanted.ts';
import type { Broadcast } from './service.ts';

const dayMs = 86_400_000;

export type BroadcastWish = Pick<Draft, 'content' | 'original' | 'push'> & {
  readonly sender: PrincipalKey;
  /** Unix milliseconds; absent: as long as may be. */
  readonly validUntil?: number;
  /** Only who is online hears it; it is kept nowhere and has no number. */
  readonly transient?: boolean;
};

/** Throws `wrong-kind`, `conversation-not-found`, `invalid-argument`, `full` (what: broadcasts). */
export async function broadcast(
  core: Pick<Core, 'store' | 'bus' | 'clock'>,
  app: App,
  service: Conversation,
  wish: BroadcastWish,
): Promise<Broadcast> {
  assertService(service);
  const now = core.clock.now();
  const latest = now + limits.broadcastDaysMax * dayMs;
  const { validUntil = latest, transient, ...words } = wish;
  if (validUntil <= now || validUntil > latest)
    throw new ImError('invalid-argument', `a broadcast is valid for at most ${limits.broadcastDaysMax} days`, {
      what: 'validUntil',
      max: latest,
    });
  const draft = { ...words, conversation: service.no, validUntil };
  const made = transient
    ? { ...draft, no: 0, createdAt: now }
    : await core.store.services.broadcast(app.no, draft, limits.broadcastsPerDayMax, now, pushJob(app, wish, now));
  const { no, id, kind } = service;
  core.bus.publish({ type: 'broadcast', app: app.no, service: { no, id, kind }, broadcast: made }, [appTopic(app.no)]);
  return made;
}

/** Everybody who has a device is told by push only where the service says what. */
const pushJob = (app: App, { content, push }: BroadcastWish, ts: number): Cause | undefined =>
  push && push.enable !== false && canPush(app.settings)
    ? { type: 'announcement', content, ts, to: { kind: 'all' }, push }
    : undefined;

/**
 * Valid broadcasts that have not reached somebody yet, the oldest first. Who is new here gets the newest only of those that
 * are older than he is.
 */
export async function broadcastsFor(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  who: PrincipalKey,
): Promise<Broadcast[]> {
  const after = await core.store.services.reachedTs(app.no, who);
  const page = { limit: limits.broadcastsOfferedMax, ...(after === undefined ? {} : { after }) };
  const valid = await core.store.services.broadcasts(app.no, page, core.clock.now());
  if (after !== undefined || valid.length === 0) return valid.reverse();
  const since = (await core.store.users.byId(app.no, who))?.createdAt ?? 0;
  return valid.filter(({ createdAt }, n) => n === 0 || createdAt > since).reverse();
}

export function assertService({ kind }: Pick<Conversation, 'kind'>): void {
  if (kind !== 'service') throw new ImError('wrong-kind', 'this is no service', { kind, needs: 'service' });
}
