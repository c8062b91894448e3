// What happens to a conversation and its people, in LeanCloud's words. Rooms and services tell nobody; a temporary one
// tells of its making alone.
import type { ConversationChange } from '../../../core/conversations/conversation.ts';
import type { CoreEvent } from '../../../core/events.ts';
import type { PrincipalKey } from '../../../core/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Listener } from '../../../realtime/session.ts';
import { iso } from '../rows.ts';
import { valueAt } from '../where.ts';
import type { Command, ConvMessage } from './frames.ts';
import { bits, once, type Said } from './said.ts';
import type { OpType } from './schema.ts';

export type ConversationEvent = Extract<
  CoreEvent,
  {
    type:
      | 'conversation-created'
      | 'conversation-changed'
      | 'members-added'
      | 'members-removed'
      | 'role-changed'
      | 'silenced'
      | 'unsilenced'
      | 'blocked'
      | 'unblocked';
  }
>;
type Pick = (listener: Listener) => Said | undefined;

/** Words about oneself are kept for who was away; words about others may be dropped. */
const aboutOneself = 1;
const aboutOthers = 2;

export function prepareConversation(event: ConversationEvent): Pick | undefined {
  const { kind } = event.conversation;
  if (kind === 'room' || kind === 'service' || kind === 'thread') return undefined;
  if (kind === 'temporary' && event.type !== 'conversation-created') return undefined;
  switch (event.type) {
    case 'conversation-created':
      return toMembers(event, event.members, 'joined', 'members_joined', true);
    case 'members-added':
      return toMembers(event, event.who, 'joined', 'members_joined', true);
    case 'members-removed':
      return toMembers(event, event.who, 'left', 'members_left', false);
    case 'silenced':
      // One that ends by itself is told to nobody.
      if (event.until !== null) return undefined;
      return toMembers(event, event.who, 'shutuped', 'members_shutuped', false);
    case 'unsilenced':
      return toMembers(event, event.who, 'unshutuped', 'members_unshutuped', true);
    case 'blocked':
      return toMembers(event, event.who, 'blocked', 'members_blocked', false);
    case 'unblocked':
      return toMembers(event, event.who, 'unblocked', 'members_unblocked', false);
    case 'role-changed':
      return prepareRole(event);
    case 'conversation-changed':
      return prepareChange(event);
    default:
      return event satisfies never;
  }
}

export const roleWords = { owner: 'Owner', manager: 'Manager', member: 'Member' } as const;

function conv(event: ConversationEvent, op: OpType, type: number, words: ConvMessage): Command {
  return {
    cmd: 'conv',
    op,
    serverTs: event.ts,
    notificationType: type,
    convMessage: {
      ...words,
      cid: event.conversation.id,
      ...(event.by === undefined ? {} : { initBy: event.by }),
      udate: iso(event.ts),
    },
  };
}

/** `own` to those it happened to, `others` to the rest; `both`: and to them as well. */
function toMembers(
  event: ConversationEvent,
  who: readonly PrincipalKey[],
  own: OpType,
  others: OpType,
  both: boolean,
): Pick {
  const concerned = new Set(who);
  const toThem = once(() => conv(event, own, aboutOneself, {}));
  const toOthers = once(() => conv(event, others, aboutOthers, { m: [...who] }));
  const needs = event.conversation.kind === 'temporary' ? bits.temporaries : 0;
  return (listener) => {
    if (!concerned.has(listener.who)) return { packets: [toOthers()], needs };
    return { packets: both ? [toThem(), toOthers()] : [toThem()], needs };
  };
}

function prepareRole(event: Extract<ConversationEvent, { type: 'role-changed' }>): Pick {
  const packets = event.who.map((pid) =>
    once(() => conv(event, 'member_info_changed', aboutOthers, { info: { pid, role: roleWords[event.role] } })),
  );
  return () => ({ packets: packets.map((packet) => packet()) });
}

function prepareChange(event: Extract<ConversationEvent, { type: 'conversation-changed' }>): Pick | undefined {
  const changed = changedColumns(event.change, event.now);
  if (Object.keys(changed.attr).length === 0) return undefined;
  const packet = once(() =>
    conv(event, 'updated', aboutOthers, {
      attr: { data: JSON.stringify(changed.attr) },
      attrModified: { data: JSON.stringify(changed.attrModified) },
    }),
  );
  return (listener) => (listener.id === event.origin?.session ? undefined : { packets: [packet()] });
}

type Now = { readonly name: string | null; readonly attributes: JsonObject; readonly columns: JsonObject };

/**
 * `attr`: the keys that were asked for with what they are now, null where nothing is left. `attrModified`: every
 * top-level column that was touched, whole.
 */
export function changedColumns(change: ConversationChange, now: Now): { attr: JsonObject; attrModified: JsonObject } {
  const row: JsonObject = { ...now.columns, name: now.name, attr: now.attributes };
  const keys = new Set<string>();
  if (change.name !== undefined) keys.add('name');
  for (const key of attributeKeys(change.attributes)) keys.add(key);
  for (const { in: where, path } of change.steps ?? [])
    keys.add((where === 'columns' ? path : ['attr', ...path]).join('.'));
  const attr: JsonObject = {};
  const attrModified: JsonObject = {};
  for (const key of keys) {
    attr[key] = valueAt(row, key) ?? null;
    const [top = key] = key.split('.');
    const whole = valueAt(row, top) as Json | undefined;
    if (whole !== undefined && whole !== null) attrModified[top] = whole;
  }
  return { attr, attrModified };
}

function attributeKeys(change: ConversationChange['attributes']): string[] {
  if (change === undefined) return [];
  if (change.mode === 'remove') return [`attr.${change.name}`];
  if (change.mode === 'replace') return ['attr'];
  return isJsonObject(change.values) ? Object.keys(change.values).map((name) => `attr.${name}`) : [];
}
