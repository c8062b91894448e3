// Core events in LeanCloud's words.

import type { Core } from '../../../core/core.ts';
import type { CoreEvent, MessageChangedEvent, MessageEvent, MessagePlace } from '../../../core/events.ts';
import { type Message, messageFlags } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import type { Broadcast } from '../../../core/services/service.ts';
import type { Door, Listener } from '../../../realtime/session.ts';
import { reasons } from '../errors.ts';
import { convTypes } from '../rows.ts';
import { dataOf } from '../wire.ts';
import { openAnnouncements } from './encode-announcement.ts';
import { prepareConversation } from './encode-conversation.ts';
import type { Command, DirectMessage } from './frames.ts';
import { bits, once, type Said } from './said.ts';

export type Ports = { readonly store: Core['store']; readonly clock: Core['clock'] };
export type Pick = (listener: Listener) => Said | undefined;

/** Message ids are made with the key of the message's app: a session that opens brings its app's. */
export type IdKeys = Map<number, string>;

export function leancloudDoor(idKeys: IdKeys, core: Ports): Door<Said> {
  const prepareAnnouncement = openAnnouncements(core);
  return {
    name: 'leancloud',
    prepare(event: CoreEvent): Pick | undefined {
      switch (event.type) {
        case 'message':
          return prepareMessage(event, idKeyOf(idKeys, event));
        case 'message-edited':
        case 'message-recalled':
          return prepareChange(event, idKeyOf(idKeys, event));
        case 'read':
          return prepareRead(event, core.clock.now());
        case 'delivered':
          return prepareDelivered(event, idKeyOf(idKeys, event));
        case 'conversation-created':
        case 'conversation-changed':
        case 'members-added':
        case 'members-removed':
        case 'role-changed':
        case 'silenced':
        case 'unsilenced':
        case 'blocked':
        case 'unblocked':
          return prepareConversation(event);
        case 'broadcast':
          return prepareBroadcast(event, idKeyOf(idKeys, event));
        case 'announcement':
          return prepareAnnouncement(event, idKeyOf(idKeys, event));
        case 'typing':
        case 'online':
        case 'offline':
        case 'conversation-deleted':
        case 'profile-changed':
        case 'quiet-changed':
        case 'block-changed':
        case 'shield-changed':
        case 'friends-changed':
        case 'upstream':
        case 'session-ended':
          return undefined;
        default:
          return event satisfies never;
      }
    },
  };
}

const idKeyOf = (idKeys: IdKeys, { app }: CoreEvent): { idKey: string } => ({ idKey: idKeys.get(app) ?? '' });

const needsOf = ({ kind }: MessagePlace): number => (kind === 'temporary' ? bits.temporaries : 0);

function prepareMessage({ message, place, starred, priority }: MessageEvent, key: { idKey: string }): Pick | undefined {
  const { id: cid } = place;
  if (cid === null) return undefined;
  const { ts, conversation } = message;
  const transient = (message.flags & messageFlags.onlineOnly) !== 0;
  const direct = once(() => ({
    cmd: 'direct',
    directMessage: {
      ...wordsOf(message),
      fromPeerId: message.sender ?? '',
      timestamp: ts,
      cid,
      id: midOf(key, message),
      ...(transient ? { transient: true } : {}),
      convType: convTypes[place.kind],
    },
  }));
  const patch = once(() => censored(key, message, cid));
  return ({ who }) => ({
    packets: starred && who === message.sender ? [direct(), patch()] : [direct()],
    needs: needsOf(place),
    ...(place.kind === 'room' ? { unlessFuller: roomFullness[priority ?? 2] } : {}),
    ...(transient ? {} : { at: { conversation, ts } }),
  });
}

/** How full a listener's queue may be for a room's message of each priority: the lower ones are dropped first. */
const roomFullness = { 1: undefined, 2: 0.5, 3: 0.25 } as const;

/** What the sender is told whose words were starred out. */
export const censored = (key: { idKey: string }, message: Message, cid: string): Command => ({
  cmd: 'patch',
  op: 'modify',
  patchMessage: { patches: [{ ...patchOf(message, cid, key), patchCode: -4408, patchReason: reasons[4408] }] },
});

/** What a `direct` says, without saying where. */
export function wordsOf(message: MessageEvent['message']): DirectMessage {
  const { data, bin } = dataOf(message);
  const { mentions, editedTs } = message;
  return {
    ...(bin ? { binaryMsg: Buffer.from(data, 'base64') } : { msg: data }),
    ...(mentions?.who.length ? { mentionPids: [...mentions.who] } : {}),
    ...(mentions?.all ? { mentionAll: true } : {}),
    ...(editedTs === undefined ? {} : { patchTimestamp: editedTs }),
  };
}

function prepareChange({ message, place, origin }: MessageChangedEvent, key: { idKey: string }): Pick | undefined {
  const { id: cid } = place;
  if (cid === null) return undefined;
  const packet = once(() => ({
    cmd: 'patch',
    op: 'modify',
    patchMessage: { patches: [patchOf(message, cid, key)] },
  }));
  return (listener) =>
    listener.id === origin?.session ? undefined : { packets: [packet()], needs: bits.patches | needsOf(place) };
}

export function patchOf(message: MessageEvent['message'], cid: string, key: { idKey: string }) {
  const { data, bin } = dataOf(message);
  const { mentions } = message;
  return {
    cid,
    mid: midOf(key, message),
    timestamp: message.ts,
    recall: message.content.type === 'recalled',
    ...(bin ? { binaryMsg: Buffer.from(data, 'base64') } : { data }),
    patchTimestamp: message.editedTs ?? message.ts,
    from: message.sender ?? '',
    ...(mentions?.who.length ? { mentionPids: [...mentions.who] } : {}),
    ...(mentions?.all ? { mentionAll: true } : {}),
  };
}

/** The reader's own sessions count anew; the others may have asked for a receipt of what was read. */
function prepareRead(event: Extract<CoreEvent, { type: 'read' }>, at: number): Pick | undefined {
  const { who, ts, place } = event;
  const { id: cid, kind } = place;
  if (cid === null) return undefined;
  return (listener) => {
    if (listener.who === who) return { packets: [], look: { about: 'unread', cid } };
    if (kind !== 'direct' && kind !== 'group' && kind !== 'temporary') return undefined;
    return { packets: [], look: { about: 'read', cid, by: who, ts, at } };
  };
}

function prepareDelivered(event: Extract<CoreEvent, { type: 'delivered' }>, key: { idKey: string }): Pick | undefined {
  const { who, place, messages, ts } = event;
  const { id: cid } = place;
  const asked = messages.filter(({ flags }) => (flags & messageFlags.receipt) !== 0);
  if (cid === null || asked.length === 0) return undefined;
  return (listener) => {
    const ids = asked.filter(({ sender }) => sender === listener.who).map(({ no }) => midOf(key, { no }));
    return ids.length === 0 ? undefined : { packets: [], look: { about: 'delivered', cid, by: who, ids, at: ts } };
  };
}

function prepareBroadcast(
  { service, broadcast }: Extract<CoreEvent, { type: 'broadcast' }>,
  key: { idKey: string },
): Pick {
  const packet = once(() => broadcastCommand(service.id, broadcast, key));
  return () => ({ packets: [packet()], ...(broadcast.no === 0 ? {} : { at: broadcastPlace(broadcast) }) });
}

/** By which a broadcast is recognised among what was caught up with: no conversation has such a number. */
export const broadcastPlace = ({ no, createdAt }: Broadcast) => ({ conversation: -no, ts: createdAt });

export function broadcastCommand(cid: string, broadcast: Broadcast, key: { idKey: string }): Command {
  const { data, bin } = dataOf(broadcast);
  const { no, conversation, sender, createdAt } = broadcast;
  return {
    cmd: 'direct',
    directMessage: {
      ...(bin ? { binaryMsg: Buffer.from(data, 'base64') } : { msg: data }),
      fromPeerId: sender,
      timestamp: createdAt,
      cid,
      id: midOf(key, { no, conversation, sender, ts: createdAt }),
      // Of one that is kept nowhere nobody has to say that it arrived.
      ...(no === 0 ? { transient: true } : {}),
      convType: convTypes.service,
    },
  };
}
