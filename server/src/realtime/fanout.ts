// How an event reaches those who are connected here: encoded once per door, then queued for each listener.
import type { CoreEvent, MembersEvent } from '../core/events.ts';
import type { DoorName } from '../core/messages/message.ts';
import { type Bus, conversationTopic, type Topic, userTopic } from '../core/ports/bus.ts';
import type { Hub } from './hub.ts';
import type { AnySession, Door } from './session.ts';

export type FanoutMetrics = { delivered(door: DoorName, count: number): void };

export function startFanout(bus: Pick<Bus, 'onEvent'>, hub: Hub, metrics: FanoutMetrics): void {
  bus.onEvent((event, topics) => {
    followMembership(hub, event);
    if (event.type === 'session-ended') return endSessions(hub, event, topics);
    const delivered = deliver(hub, event, topics);
    for (const [door, count] of delivered) metrics.delivered(door, count);
    if (event.type === 'conversation-deleted') stopListening(hub, conversationTopic(event.app, event.conversation.no));
    if (event.type === 'members-removed')
      for (const session of affected(hub, event))
        hub.unlisten(session, conversationTopic(event.app, event.conversation.no));
  });
}

function deliver(hub: Hub, event: CoreEvent, topics: readonly Topic[]): Map<DoorName, number> {
  const prepared = new Map<Door<unknown>, ReturnType<Door<unknown>['prepare']>>();
  const delivered = new Map<DoorName, number>();
  for (const session of audience(hub, topics)) {
    const { door } = session;
    if (!prepared.has(door)) prepared.set(door, door.prepare(event));
    const packet = prepared.get(door)?.(session);
    if (packet === undefined) continue;
    session.send(packet);
    delivered.set(door.name, (delivered.get(door.name) ?? 0) + 1);
  }
  return delivered;
}

/** Everybody on the topics, each once. */
function audience(hub: Hub, topics: readonly Topic[]): ReadonlySet<AnySession> {
  const [only] = topics;
  if (topics.length === 1 && only !== undefined) return hub.listeners(only);
  const all = new Set<AnySession>();
  for (const topic of topics) for (const session of hub.listeners(topic)) all.add(session);
  return all;
}

/** Live sessions start to listen to a conversation before they are told of it. */
function followMembership(hub: Hub, event: CoreEvent): void {
  if (event.type !== 'members-added') return;
  for (const session of affected(hub, event))
    void hub.listen(session, conversationTopic(event.app, event.conversation.no));
}

function affected(hub: Hub, event: MembersEvent): AnySession[] {
  return event.who.flatMap((who) => [...hub.listeners(userTopic(event.app, who))]);
}

function stopListening(hub: Hub, topic: Topic): void {
  for (const session of [...hub.listeners(topic)]) hub.unlisten(session, topic);
}

function endSessions(hub: Hub, event: Extract<CoreEvent, { type: 'session-ended' }>, topics: readonly Topic[]): void {
  for (const session of [...audience(hub, topics)]) {
    if (event.session === undefined || event.session === session.id) session.end(event.why);
  }
}
