// Core events in MaxLeap's words. A packet is built when the first listener needs it, and shared by all who get it.
import type { AnnouncementEvent, CoreEvent, MessageEvent, PresenceEvent } from '../../../core/events.ts';
import { messageFlags } from '../../../core/messages/message.ts';
import type { Door } from '../../../realtime/session.ts';
import { toContent } from '../wire.ts';
import { endsOf } from './ends.ts';
import { once, type PickPacket, prepareExtension } from './extensions.ts';
import { type EventPacket, eventPacket } from './packets.ts';

export const maxleapDoor: Door<EventPacket> = {
  name: 'maxleap',
  prepare(event: CoreEvent): PickPacket | undefined {
    switch (event.type) {
      case 'message':
        return prepareMessage(event);
      case 'announcement':
        return prepareAnnouncement(event);
      case 'online':
      case 'offline':
        return preparePresence(event);
      case 'message-edited':
      case 'message-recalled':
      case 'typing':
      case 'read':
      case 'members-added':
      case 'members-removed':
      case 'conversation-deleted':
      case 'conversation-created':
      case 'friends-changed':
        return prepareExtension(event);
      case 'broadcast':
        return prepareAnnouncement({ content: event.broadcast.content, ts: event.broadcast.createdAt });
      case 'conversation-changed':
      case 'role-changed':
      case 'silenced':
      case 'unsilenced':
      case 'blocked':
      case 'unblocked':
      case 'profile-changed':
      case 'quiet-changed':
      case 'block-changed':
      case 'shield-changed':
      case 'delivered':
      case 'upstream':
      case 'session-ended':
        return undefined;
      default:
        return event satisfies never;
    }
  },
};

function prepareMessage(event: MessageEvent): PickPacket {
  const { message, place, prev, ref } = event;
  // What an admin says to one person, and what a service says, is shown as the application's own word.
  const official =
    place.kind === 'service' || place.kind === 'thread' || (place.kind === 'direct' && message.as === 'admin');
  if (official) return prepareAnnouncement({ content: message.content, ts: message.ts });
  const { from, to } = endsOf(message.sender, place, (message.flags & messageFlags.betweenFriends) !== 0);
  const body = () => ({ ...toContent(message.content), ts: message.ts });
  const mine = { ...from, type: to.type };
  const heard = once(() => eventPacket('message', { from, to, ...body() }));
  const heardMore = once(() => eventPacket('message', { from, to, ...body(), prev }));
  const own = once(() => eventPacket('yourself', { to, from: mine, ...body() }));
  const ownMore = once(() =>
    eventPacket('yourself', { to, from: mine, ...body(), prev, ...(ref === undefined ? {} : { ref }) }),
  );
  return (listener) => {
    if (listener.who === message.sender) return listener.ext ? ownMore() : own();
    return listener.ext ? heardMore() : heard();
  };
}

function prepareAnnouncement(event: Pick<AnnouncementEvent, 'content' | 'ts'>): PickPacket {
  const packet = once(() => eventPacket('sys', { ...toContent(event.content), ts: event.ts }));
  return () => packet();
}

function preparePresence(event: PresenceEvent): PickPacket {
  const packet = once(() => eventPacket(event.toAll ? `${event.type}_x` : event.type, event.who));
  if (!event.toAll) return () => packet();
  const friends = new Set(event.friends);
  return (listener) => (listener.who === event.who || friends.has(listener.who) ? undefined : packet());
}
