// Rows of `_Conversation` as conversations to be restored, and rows of `_ConversationMemberInfo` as roles.

import type { MemberRole } from '../../../core/conversations/member.ts';
import type { Loss, RestoredConversation } from '../../../core/imports/import.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { idsOf, isId, shown, storable, timeOf, without } from './values.ts';

export type DecodedConversation = { readonly row?: RestoredConversation; readonly losses: Loss[] };

/** Columns with a place of their own; every other one stays a column. `msg…` and `conv_type` are what queries add. */
const own = new Set([
  'objectId',
  'createdAt',
  'updatedAt',
  'm',
  'mu',
  'name',
  'attr',
  'c',
  'lm',
  'tr',
  'sys',
  'unique',
  'uniqueId',
  'conv_type',
  'msg',
  'bin',
  'msg_mid',
  'msg_from',
  'msg_timestamp',
  'patch_timestamp',
  'mention_all',
  'mention_pids',
  'muted',
  'joined',
  'joinedAt',
]);
const membersMax = 500;

export function decodeConversation(row: JsonObject): DecodedConversation {
  const { objectId: id } = row;
  const losses: Loss[] = [];
  const lose = (reason: string, detail?: string) =>
    losses.push({ what: 'conversation', id: shown(id), reason, ...(detail === undefined ? {} : { detail }) });
  if (!isId(id)) {
    lose('has no id');
    return { losses };
  }
  const kind = row.sys === true ? 'service' : row.tr === true ? 'room' : 'group';
  const m = idsOf(kind === 'group' ? row.m : []);
  for (const odd of [...m.odd, ...m.ids.slice(membersMax)])
    losses.push({
      what: 'member',
      id: `${id}/${shown(odd)}`,
      reason: m.odd.includes(odd) ? 'cannot be an id' : `is beyond the ${membersMax} of a conversation`,
    });
  const createdAt = timeOf(row.createdAt) ?? timeOf(row.updatedAt) ?? 1;
  const columns = without(row, own);
  const attributes = isJsonObject(row.attr) ? row.attr : {};
  if (row.attr !== undefined && row.attr !== null && !isJsonObject(row.attr)) columns.attr_ = row.attr;
  for (const [name, value] of Object.entries({ attr: attributes, columns }))
    if (Buffer.byteLength(JSON.stringify(value)) > limits.attributesBytesMax)
      lose('has more attributes than can be kept', name);
  const fits = (value: JsonObject): JsonObject =>
    Buffer.byteLength(JSON.stringify(value)) > limits.attributesBytesMax ? {} : value;
  return {
    row: {
      id,
      kind,
      unique: row.unique === true && kind === 'group' && m.ids.length > 0,
      name: nameOf(row.name),
      attributes: fits(attributes),
      columns: fits(columns),
      creator: isId(row.c) ? row.c : null,
      members: m.ids.slice(0, membersMax),
      quiet: idsOf(row.mu).ids,
      createdAt,
      updatedAt: timeOf(row.updatedAt) ?? createdAt,
      lastTs: timeOf(row.lm) ?? 0,
    },
    losses,
  };
}

const nameOf = (name: Json | undefined): string | null =>
  typeof name === 'string' ? storable(name) : name === undefined || name === null ? null : JSON.stringify(name);

const roles = new Map<string, MemberRole>([
  ['Owner', 'owner'],
  ['Manager', 'manager'],
  ['Member', 'member'],
]);

export type DecodedRole = { readonly id: string; readonly who: string; readonly role: MemberRole };

/** undefined: it names no role that anybody could have. */
export function decodeRole({ cid, clientId, role }: JsonObject): DecodedRole | undefined {
  const known = typeof role === 'string' ? roles.get(role) : undefined;
  return isId(cid) && isId(clientId) && known ? { id: cid, who: clientId, role: known } : undefined;
}
