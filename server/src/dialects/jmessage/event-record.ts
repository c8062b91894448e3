// The core's events as JMessage's event records.
import type { App } from '../../core/apps/app.ts';
import type { ConversationKey } from '../../core/conversations/conversation.ts';
import type { CoreEvent, SessionEndedEvent } from '../../core/events.ts';
import { bareId, type PrincipalKey } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Topic, userTopic } from '../../core/ports/bus.ts';
import { isGroup } from './gatherings.ts';

/** What differs from event to event. */
type Told = {
  readonly event_type: number;
  readonly to: readonly PrincipalKey[];
  readonly extra?: number;
  readonly by?: PrincipalKey;
  readonly more?: JsonObject;
};

const ended: Partial<Record<SessionEndedEvent['why'], readonly [type: number, extra: number]>> = {
  replaced: [1, 0],
  'too-many': [1, 0],
  kicked: [1, 0],
  disabled: [1, 1],
  erased: [1, 2],
  password: [2, 0],
};

let counter = 0;

/** Numbers of one node increase; those of two may meet, which a receiver tells by the rest. */
const nextId = (ms: number): number => ms * 1_000 + (counter++ % 1_000);

/**
 * The records of one event: none for what JMessage has no event for. `topics` say who else is told. Everything is synchronous:
 * it is called where the event is published.
 */
export function toRecords(app: App, event: CoreEvent, topics: readonly Topic[], nowMs: number): JsonObject[] {
  const told = toldOf(event, peopleOn(app, topics));
  const ms = 'ts' in event && event.ts > 0 ? event.ts : nowMs;
  return told.map(({ event_type, to, extra = 0, by, more = {} }) => ({
    event_id: nextId(ms),
    event_type,
    ...('conversation' in event ? { gid: event.conversation.no } : {}),
    from_username: by === undefined ? '' : bareId(by),
    from_appkey: app.id,
    to_usernames: to.map(bareId),
    ctime_ms: ms,
    extra,
    description: '',
    ...more,
  }));
}

/** Those on whose own topics it is published. */
function peopleOn(app: App, topics: readonly Topic[]): PrincipalKey[] {
  const prefix = userTopic(app.no, '');
  return topics.filter((topic) => topic.startsWith(prefix)).map((topic) => topic.slice(prefix.length));
}

const ofGroup = (conversation: ConversationKey, told: Told[]): Told[] => (isGroup(conversation) ? told : []);
const newOwner = (owner: PrincipalKey | null | undefined): JsonObject =>
  owner === undefined || owner === null ? {} : { new_owner: bareId(owner) };

function toldOf(event: CoreEvent, people: readonly PrincipalKey[]): Told[] {
  switch (event.type) {
    case 'conversation-created': {
      const { conversation, members, by } = event;
      const [maker, ...others] = members;
      const made: Told = { event_type: 8, to: maker === undefined ? [] : [maker], by };
      return ofGroup(conversation, others.length > 0 ? [made, { event_type: 10, to: others, by }] : [made]);
    }
    case 'conversation-deleted':
      return ofGroup(event.conversation, [{ event_type: 9, extra: 69, to: people, by: event.by }]);
    case 'members-added':
      return ofGroup(event.conversation, [{ event_type: 10, to: event.who, by: event.by }]);
    case 'members-removed': {
      const { by, who } = event;
      const left = by !== undefined && who.includes(by);
      return ofGroup(event.conversation, [{ event_type: left ? 9 : 11, to: who, by, more: newOwner(event.newOwner) }]);
    }
    case 'conversation-changed':
      return ofGroup(event.conversation, [{ event_type: 12, to: people, by: event.by }]);
    case 'silenced':
    case 'unsilenced':
      return ofGroup(event.conversation, [
        { event_type: 65, extra: event.type === 'silenced' ? 1 : 2, to: event.who, by: event.by },
      ]);
    case 'role-changed':
      return event.role === 'owner'
        ? ofGroup(event.conversation, [{ event_type: 82, to: event.who, by: event.by }])
        : [];
    case 'message-recalled': {
      const { message, place } = event;
      const type = place.kind === 'direct' || place.kind === 'thread' ? 0 : 1;
      const more = { type, gid: type === 0 ? 0 : message.conversation, msg_ids: [message.no] };
      const to = people.filter((who) => who !== message.sender);
      return place.kind === 'room' ? [] : [{ event_type: 55, to, by: message.sender ?? undefined, more }];
    }
    case 'session-ended': {
      const [event_type, extra] = ended[event.why] ?? [];
      return event_type === undefined ? [] : [{ event_type, extra, to: people }];
    }
    case 'friends-changed':
      return [{ event_type: 7, extra: event.friends ? 0 : 1, to: event.pair }];
    case 'quiet-changed':
      return [{ event_type: 37, to: [event.who] }];
    case 'block-changed':
      return [{ event_type: 38, to: [event.who] }];
    case 'shield-changed':
      return [{ event_type: 39, to: [event.who] }];
    case 'profile-changed':
      return [{ event_type: 40, to: [event.who] }];
    default:
      return [];
  }
}
