// A conversation as it is read: what it is, with what its head says of its newest message and of its size.
import type { Conversation, ConversationKind } from '../../core/conversations/conversation.ts';
import type { JsonObject } from '../../core/json.ts';

export type ConversationRow = {
  no: number;
  id: string;
  kind: ConversationKind;
  name: string | null;
  description: string | null;
  avatar: string | null;
  open: number;
  attributes: string;
  columns: string;
  creator: string | null;
  owner: string | null;
  member_max: number | null;
  unique_set: number;
  pair_talk: number;
  keeps: number;
  created_at: number;
  updated_at: number;
  info_at: number;
  expires_at: number | null;
  last_ts: number;
  members: number;
};

export const select = `select c.no, c.id, c.kind, c.name, c.description, c.avatar, c.open, c.attributes, c.columns, c.creator, c.owner,
    c.member_max, c.unique_set, c.pair_talk, c.keeps, c.created_at, c.updated_at, c.info_at, c.expires_at, h.last_ts, h.members
  from conversations c join heads h on h.app = c.app and h.no = c.no`;

export const toConversation = (row: ConversationRow): Conversation => ({
  no: row.no,
  id: row.id,
  kind: row.kind,
  name: row.name,
  description: row.description,
  avatar: row.avatar,
  open: row.open === 1,
  attributes: JSON.parse(row.attributes) as JsonObject,
  columns: JSON.parse(row.columns) as JsonObject,
  creator: row.creator,
  owner: row.owner,
  memberMax: row.member_max,
  memberCount: row.members,
  unique: row.unique_set === 1,
  pairTalk: row.pair_talk === 1,
  keeps: row.keeps === 1,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  infoAt: row.info_at,
  expiresAt: row.expires_at,
  lastTs: row.last_ts,
});
