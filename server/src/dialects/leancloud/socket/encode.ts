// Core events in LeanCloud's words.
import type { CoreEvent, MessageChangedEvent, MessageEvent, MessagePlace } from '../../../core/events.ts';
import { messageFlags } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Door, Listener } from '../../../realtime/session.ts';
import { convTypes } from '../rows.ts';
import { dataOf } from '../wire.ts';
import { prepareConversation } from './encode-conversation.ts';
import type { Command, DirectMessage } from './frames.ts';
import { bits, once, type Said } from './said.ts';

export type Pick = (listener: Listener) => Said | undefined;

/** Message ids are made with the key of the message's app: a session that opens brings its app's. */
export type IdKeys = Map<number, string>;

export function leancloudDoor(idKeys: IdKeys, clock: Clock): Door<Said> {
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
          return prepareRead(event, clock.now());
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
          return prepareBroadcast(event);
        case 'typing':
        case 'announcement':
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

function prepareMessage({ message, place }: MessageEvent, key: { idKey: string }): Pick | undefined {
  const { id: cid } = place;
  if (cid === null) return undefined;
  const { ts, conversation } = message;
  const transient = (message.flags & messageFlags.onlineOnly) !== 0;
  // A message that is not kept has a random id: it has to be the same for everybody, so it is made once.
  const packet = once(() => ({
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
  const said = (): Said => ({
    packets: [packet()],
    needs: needsOf(place),
    ...(transient ? {} : { at: { conversation, ts } }),
  });
  return said;
}

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

function prepareBroadcast({ service, broadcast }: Extract<CoreEvent, { type: 'broadcast' }>): Pick {
  const packet = once(() => broadcastCommand(service.id, broadcast));
  return () => ({ packets: [packet()] });
}

/** A broadcast's number is no message's: its id says what it is. */
export const broadcastMid = (no: number): string => `broadcast-${no}`;

export function broadcastCommand(
  cid: string,
  broadcast: Extract<CoreEvent, { type: 'broadcast' }>['broadcast'],
): Command {
  const { data, bin } = dataOf(broadcast);
  return {
    cmd: 'direct',
    directMessage: {
      ...(bin ? { binaryMsg: Buffer.from(data, 'base64') } : { msg: data }),
      fromPeerId: broadcast.sender,
      timestamp: broadcast.createdAt,
      cid,
      id: broadcastMid(broadcast.no),
      convType: convTypes.service,
    },
  };
}
