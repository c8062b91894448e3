// Where events stand in their conversations' orders, and where a conversation's events go.
import type { Core } from '../core/core.ts';
import type { CoreEvent, MessagePlace } from '../core/events.ts';
import type { PrincipalKey } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { Recent } from '../core/lru.ts';
import type { Message } from '../core/messages/message.ts';
import { conversationTopic, type Topic, userTopic } from '../core/ports/bus.ts';

export type Placed = {
  /** Number. */
  readonly conversation: number;
  /** The event's own place, and the one before it (0: not known). */
  readonly at: number;
  readonly prev: number;
};

/** undefined: the event has no place that the next one names. */
export function placeOf(event: CoreEvent): Placed | undefined {
  switch (event.type) {
    case 'message':
      return event.message.no > 0
        ? { conversation: event.message.conversation, at: event.message.ts, prev: event.prev }
        : undefined;
    case 'message-edited':
    case 'message-recalled':
      return { conversation: event.message.conversation, at: event.message.editedTs ?? 0, prev: event.prev };
    case 'members-added':
    case 'members-removed':
      return { conversation: event.conversation.no, at: event.ts, prev: event.prev };
    default:
      return undefined;
  }
}

/** What tells an event about a conversation from every other; undefined: an event about something else. */
export function nameOf(event: CoreEvent): string | undefined {
  if (!('conversation' in event)) return undefined;
  return `${event.conversation.no}/${event.type}/${event.ts}/${'who' in event ? event.who[0] : ''}`;
}

/** Where a conversation's events are told, and its place as the hearers of one message see it. */
export type Whereabouts = { readonly topics: readonly Topic[]; place(message: Message): MessagePlace };

/** Of several conversations of one app; those that never were are missing. */
export type Finder = (app: number, conversations: readonly number[]) => Promise<ReadonlyMap<number, Whereabouts>>;

/** A pair may become a group. */
const ageMsMax = 5 * 60_000;

export function openFinder({ store, clock }: Pick<Core, 'store' | 'clock'>): Finder {
  const known = new Recent<Whereabouts>(clock, limits.factsCached, ageMsMax);
  return async (app, conversations) => {
    const found = new Map<number, Whereabouts>();
    const unknown: number[] = [];
    for (const no of conversations) {
      const where = known.get(`${no}`);
      if (where) found.set(no, where);
      else unknown.push(no);
    }
    if (unknown.length === 0) return found;
    const keys = (await store.conversations.keys(app, unknown)).filter((key) => key !== undefined);
    const threads = keys.filter(({ kind }) => kind === 'thread').map(({ no }) => no);
    const clients = threads.length > 0 ? await store.services.ofThreads(app, threads) : [];
    for (const { no, id, kind, pair } of keys) {
      const where =
        kind === 'thread'
          ? toOne(app, clients[threads.indexOf(no)])
          : kind === 'direct'
            ? pair && betweenTwo(app, id, pair)
            : toAll(app, no, { kind, id });
      if (!where) continue;
      known.set(`${no}`, where);
      found.set(no, where);
    }
    return found;
  };
}

const toAll = (app: number, no: number, place: MessagePlace): Whereabouts => ({
  topics: [conversationTopic(app, no)],
  place: () => place,
});

const betweenTwo = (app: number, id: string, [a, b]: readonly [PrincipalKey, PrincipalKey]): Whereabouts => ({
  topics: [userTopic(app, a), userTopic(app, b)],
  place: ({ sender }) => ({ kind: 'direct', id, to: sender === a ? b : a }),
});

const toOne = (app: number, thread: { id: string; who: PrincipalKey } | undefined): Whereabouts | undefined =>
  thread && { topics: [userTopic(app, thread.who)], place: () => ({ kind: 'thread', id: thread.id, to: thread.who }) };

/** Where an event that was kept for the absent is told to those who are there. */
export function topicsOf(event: CoreEvent): readonly Topic[] {
  if (!('conversation' in event)) return [];
  const told = [conversationTopic(event.app, event.conversation.no)];
  const who = 'who' in event ? event.who : event.type === 'conversation-created' ? event.members : [];
  return [...told, ...who.map((one) => userTopic(event.app, one))];
}
