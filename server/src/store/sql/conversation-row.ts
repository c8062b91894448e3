// A conversation as it is read: what it is, with what its head says of its newest message.
import type { Conversation, ConversationKind } from '../../core/conversations/conversation.ts';
import type { JsonObject } from '../../core/json.ts';

export type ConversationRow = {
  no: number;
  id: string;
  kind: ConversationKind;
  name: string | null;
  attributes: string;
  creator: string | null;
  owner: string | null;
  member_max: number | null;
  keeps: number;
  created_at: number;
  updated_at: number;
  last_ts: number;
};

export const select = `select c.no, c.id, c.kind, c.name, c.attributes, c.creator, c.owner, c.member_max, c.keeps, c.created_at, c.updated_at, h.last_ts
  from conversations c join heads h on h.app = c.app and h.no = c.no`;

export const toConversation = (row: ConversationRow): Conversation => ({
  no: row.no,
  id: row.id,
  kind: row.kind,
  name: row.name,
  attributes: JSON.parse(row.attributes) as JsonObject,
  creator: row.creator,
  owner: row.owner,
  memberMax: row.member_max,
  keeps: row.keeps === 1,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastTs: row.last_ts,
});
