// A service's talk with one client: what it told all its subscribers, where he is one, and what it told him alone.
import type { App } from '../apps/app.ts';
import type { ConversationKey } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';
import { userTopic } from '../ports/bus.ts';

/** Numbers of the conversations that make the talk up: none, the service itself, his thread, or both. */
export async function talkWithService(
  { store }: Pick<Core, 'store'>,
  app: App,
  service: Pick<ConversationKey, 'no'>,
  who: PrincipalKey,
): Promise<number[]> {
  const [subscribed, [thread]] = await Promise.all([
    store.conversations.among(app.no, service.no, [who]),
    store.services.threadsOf(app.no, who, [service.no]),
  ]);
  return [...(subscribed.length > 0 ? [service.no] : []), ...(thread == null ? [] : [thread])];
}

/** Up to `ts` he has read it all. His own sessions are told; a service wants no receipt. */
export async function markServiceRead(
  core: Pick<Core, 'store' | 'bus'>,
  app: App,
  service: ConversationKey,
  who: PrincipalKey,
  ts: number,
  origin?: Origin,
): Promise<void> {
  const marks = [];
  for (const no of await talkWithService(core, app, service, who))
    marks.push(await core.store.marks.read(app.no, no, who, ts));
  if (!marks.some(({ moved }) => moved)) return;
  const place = { kind: 'service', id: service.id } as const;
  const event = { type: 'read', app: app.no, who, place, betweenFriends: false, ts, origin } as const;
  core.bus.publish(event, [userTopic(app.no, who)]);
}

/**
 * Up to `ts` it has reached him: its broadcasts are not offered again. `exact`: his marks are wanted as well; the
 * subscribers are many, and nobody asks who of them has received what.
 */
export async function markServiceDelivered(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  app: App,
  service: ConversationKey,
  who: PrincipalKey,
  { ts, exact }: { readonly ts: number; readonly exact: boolean },
): Promise<void> {
  const { store, facts, clock } = core;
  for (const no of await talkWithService(core, app, service, who)) {
    const crowd = no === service.no;
    if (crowd && !exact && facts.frontier.known(app.no, no, who, ts)) continue;
    const { ts: reached } = await store.marks.delivered(app.no, no, who, ts);
    if (crowd) facts.frontier.moved(app.no, no, who, reached);
  }
  const [newest] = await store.services.broadcasts(app.no, { conversation: service.no, limit: 1 }, clock.now());
  if (newest && newest.createdAt <= ts && ((await store.services.reachedTs(app.no, who)) ?? 0) < newest.createdAt)
    await store.services.reached(app.no, who, newest.createdAt);
}
