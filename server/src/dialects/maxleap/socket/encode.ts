// Core events in MaxLeap's words. A packet is built when the first listener needs it, and shared by all who get it.
import type { AnnouncementEvent, CoreEvent, MessageEvent, PresenceEvent } from '../../../core/events.ts';
import { bareId, isPassenger } from '../../../core/ids.ts';
import { messageFlags } from '../../../core/messages/message.ts';
import type { Door, Listener } from '../../../realtime/session.ts';
import { toContent } from '../wire.ts';
import { type EventPacket, eventPacket } from './packets.ts';

type PickPacket = (listener: Listener) => EventPacket | undefined;

/** Numbers of `type` in from and to. */
const placeTypes = { friend: 0, group: 1, room: 2, passenger: 3, stranger: 4 } as const;

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
      case 'members-added':
      case 'members-removed':
      case 'conversation-deleted':
      case 'friends-changed':
      case 'session-ended':
        return undefined;
      default:
        return event satisfies never;
    }
  },
};

function once(make: () => EventPacket): () => EventPacket {
  let packet: EventPacket | undefined;
  return () => {
    packet ??= make();
    return packet;
  };
}

function prepareMessage(event: MessageEvent): PickPacket {
  const { message } = event;
  const { from, to } = endpoints(event);
  const body = () => ({ ...toContent(message.content), ts: message.ts });
  const heard = once(() => eventPacket('message', { from, to, ...body() }));
  const own = once(() => eventPacket('yourself', { to, from: { ...from, type: to.type }, ...body() }));
  return (listener) => {
    if (listener.id === event.origin?.session) return undefined;
    return listener.who === message.sender ? own() : heard();
  };
}

type End = { id: string; type: number; gid?: string };

function endpoints({ message, place }: MessageEvent): { from: End; to: End } {
  const speaker = message.sender ?? '';
  const id = bareId(speaker);
  if (place.kind !== 'direct') {
    const type = placeTypes[place.kind];
    return { from: { id, type, gid: place.id }, to: { id: place.id, type } };
  }
  const to = bareId(place.to);
  if (isPassenger(speaker))
    return { from: { id, type: placeTypes.passenger }, to: { id: to, type: placeTypes.friend } };
  // A passenger's client drops whatever does not come "from a friend".
  if (isPassenger(place.to))
    return { from: { id, type: placeTypes.friend }, to: { id: to, type: placeTypes.passenger } };
  const type = message.flags & messageFlags.betweenFriends ? placeTypes.friend : placeTypes.stranger;
  return { from: { id, type }, to: { id: to, type } };
}

function prepareAnnouncement(event: AnnouncementEvent): PickPacket {
  const packet = once(() => eventPacket('sys', { ...toContent(event.content), ts: event.ts }));
  return () => packet();
}

function preparePresence(event: PresenceEvent): PickPacket {
  const packet = once(() => eventPacket(event.toAll ? `${event.type}_x` : event.type, event.who));
  if (!event.toAll) return () => packet();
  const friends = new Set(event.friends);
  return (listener) => (listener.who === event.who || friends.has(listener.who) ? undefined : packet());
}
