// Core events that MaxLeap's own clients have no word for: heard by sessions that asked for extensions, and by no others.

import type { ConversationKey } from '../../../core/conversations/conversation.ts';
import type {
  ActivityEvent,
  ConversationCreatedEvent,
  ConversationDeletedEvent,
  FriendsChangedEvent,
  MembersEvent,
  MessageChangedEvent,
} from '../../../core/events.ts';
import { bareId } from '../../../core/ids.ts';
import { messageFlags } from '../../../core/messages/message.ts';
import type { Listener } from '../../../realtime/session.ts';
import { toContent } from '../wire.ts';
import { endsOf } from './ends.ts';
import { type EventPacket, eventPacket } from './packets.ts';

export type PickPacket = (listener: Listener) => EventPacket | undefined;

export type ExtensionEvent =
  | MessageChangedEvent
  | ActivityEvent
  | MembersEvent
  | ConversationDeletedEvent
  | ConversationCreatedEvent
  | FriendsChangedEvent;

/** A packet that is built when the first listener needs it. */
export function once(make: () => EventPacket): () => EventPacket {
  let packet: EventPacket | undefined;
  return () => {
    packet ??= make();
    return packet;
  };
}

/** One packet for everybody but the session that caused it. */
function toOthers({ origin }: ExtensionEvent, make: () => EventPacket): PickPacket {
  const packet = once(make);
  return (listener) => (listener.ext && listener.id !== origin?.session ? packet() : undefined);
}

export function prepareExtension(event: ExtensionEvent): PickPacket {
  switch (event.type) {
    case 'message-edited':
    case 'message-recalled':
      return prepareChange(event);
    case 'typing':
      return prepareTyping(event);
    case 'read':
      return prepareRead(event);
    case 'members-added':
    case 'members-removed':
      return prepareMembers(event);
    case 'conversation-created':
      return prepareMembers({ ...event, type: 'members-added', who: event.members, ts: 0, prev: 0 });
    case 'conversation-deleted': {
      return toOthers(event, () => eventPacket('members', { ...shownAs(event.conversation), deleted: true }));
    }
    case 'friends-changed':
      return prepareFriends(event);
    default:
      return event satisfies never;
  }
}

function prepareChange(event: MessageChangedEvent): PickPacket {
  const { message, place, prev } = event;
  const edited = event.type === 'message-edited';
  return toOthers(event, () =>
    eventPacket(edited ? 'edited' : 'recalled', {
      ...endsOf(message.sender, place, (message.flags & messageFlags.betweenFriends) !== 0),
      ...(edited ? toContent(message.content) : {}),
      ts: message.ts,
      editedTs: message.editedTs,
      prev,
    }),
  );
}

/** A place where others see it only: nobody needs to be told that he is typing himself. */
function prepareTyping(event: Extract<ActivityEvent, { type: 'typing' }>): PickPacket {
  const pick = toOthers(event, () => eventPacket('typing', endsOf(event.who, event.place, event.betweenFriends)));
  return (listener) => (listener.who === event.who ? undefined : pick(listener));
}

function prepareRead(event: Extract<ActivityEvent, { type: 'read' }>): PickPacket {
  return toOthers(event, () =>
    eventPacket('read', { ...endsOf(event.who, event.place, event.betweenFriends), ts: event.ts }),
  );
}

/** A client knows groups and rooms. */
const shownAs = ({ kind, id }: ConversationKey): { readonly room: string } | { readonly group: string } =>
  kind === 'room' ? { room: id } : { group: id };

function prepareMembers(event: MembersEvent): PickPacket {
  const { conversation, ts, prev } = event;
  const change = event.type === 'members-added' ? 'added' : 'removed';
  return toOthers(event, () =>
    eventPacket('members', { ...shownAs(conversation), [change]: event.who.map(bareId), ts, prev }),
  );
}

function prepareFriends(event: FriendsChangedEvent): PickPacket {
  const [a, b] = event.pair;
  const packets = new Map([
    [a, once(() => eventPacket('friends', { id: b, added: event.friends }))],
    [b, once(() => eventPacket('friends', { id: a, added: event.friends }))],
  ]);
  return (listener) => (listener.ext ? packets.get(listener.who)?.() : undefined);
}
