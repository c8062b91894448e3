// How an event reaches those who are connected here: encoded once per door, then queued for each listener.
import type { CoreEvent } from '../core/events.ts';
import type { PrincipalKey } from '../core/ids.ts';
import type { DoorName } from '../core/messages/message.ts';
import { conversationTopic, type Topic, userTopic } from '../core/ports/bus.ts';
import type { Hub } from './hub.ts';
import type { AnySession, Door } from './session.ts';

export type FanoutMetrics = { delivered(door: DoorName, count: number): void };

/** Where the fan-out hears events. `late`: it was read from the store, and its place is this; who came later has it already. */
export type EventSource = {
  onEvent(listener: (event: CoreEvent, topics: readonly Topic[], late?: number) => void): void;
};

export function startFanout(source: EventSource, hub: Hub, metrics: FanoutMetrics): void {
  source.onEvent((event, topics, late) => {
    followMembership(hub, event);
    if (event.type === 'session-ended') return endSessions(hub, event, topics);
    for (const { door, count } of deliver(hub, event, topics, late)) if (count > 0) metrics.delivered(door.name, count);
    if (event.type === 'conversation-deleted') stopListening(hub, conversationTopic(event.app, event.conversation.no));
    if (event.type === 'members-removed')
      for (const session of sessionsOf(hub, event.app, event.who))
        hub.unlisten(session, conversationTopic(event.app, event.conversation.no));
  });
}

type Told = { readonly door: Door<unknown>; readonly pick: ReturnType<Door<unknown>['prepare']>; count: number };

/** Answers how many were told, door by door. */
function deliver(hub: Hub, event: CoreEvent, topics: readonly Topic[], late: number | undefined): readonly Told[] {
  const told: Told[] = [];
  let here: Told | undefined;
  const mayHear = hearing(event);
  for (const session of audience(hub, topics)) {
    if (mayHear && !mayHear(session)) continue;
    if (late !== undefined && hub.cameAt(session) >= late) continue;
    // A thousand neighbours mostly came through one door.
    if (here?.door !== session.door) here = toldOf(told, session.door, event);
    const packet = here.pick?.(session);
    if (packet === undefined) continue;
    session.send(packet);
    here.count += 1;
  }
  return told;
}

function toldOf(told: Told[], door: Door<unknown>, event: CoreEvent): Told {
  const known = told.find((one) => one.door === door);
  if (known) return known;
  const fresh = { door, pick: door.prepare(event), count: 0 };
  told.push(fresh);
  return fresh;
}

/** Who of the audience is meant; undefined: everybody. */
function hearing(event: CoreEvent): ((session: AnySession) => boolean) | undefined {
  if (event.type === 'message-edited' || event.type === 'message-recalled') {
    const { only, message } = event;
    return only && (({ who }) => who === message.sender || only.includes(who));
  }
  if (event.type !== 'message') return undefined;
  const { message, echo, origin, only } = event;
  return ({ id, who }) => {
    if (who === message.sender) return echo === 'all' || (echo === 'others' && id !== origin?.session);
    return only === undefined || only.includes(who);
  };
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
  if (event.type === 'shield-changed') followShields(hub, event);
  if (event.type !== 'members-added' && event.type !== 'conversation-created') return;
  const isNew = event.type === 'conversation-created';
  const who = isNew ? event.members : (event.everybody ?? event.who);
  for (const session of sessionsOf(hub, event.app, who))
    void hub.listen(session, conversationTopic(event.app, event.conversation.no), isNew ? 0 : event.ts);
}

/** Who shields himself from a conversation does not listen to it. */
function followShields(hub: Hub, event: Extract<CoreEvent, { type: 'shield-changed' }>): void {
  for (const session of sessionsOf(hub, event.app, [event.who])) {
    for (const { no } of event.added) hub.unlisten(session, conversationTopic(event.app, no));
    for (const { no } of event.removed) void hub.listen(session, conversationTopic(event.app, no));
  }
}

function sessionsOf(hub: Hub, app: number, who: readonly PrincipalKey[]): AnySession[] {
  return who.flatMap((one) => [...hub.listeners(userTopic(app, one))]);
}

function stopListening(hub: Hub, topic: Topic): void {
  for (const session of [...hub.listeners(topic)]) hub.unlisten(session, topic);
}

function endSessions(hub: Hub, event: Extract<CoreEvent, { type: 'session-ended' }>, topics: readonly Topic[]): void {
  const { tagged } = event;
  for (const session of [...audience(hub, topics)]) {
    const others = tagged && (session.tagged?.tag !== tagged.tag || session.tagged.device === tagged.device);
    if (!others && (event.session === undefined || event.session === session.id)) session.end(event.why, event.reason);
  }
}
