// The shapes of MaxLeap's answers, and the way there from the core.

import type { App } from '../../../core/apps/app.ts';
import type { ConversationWithMembers } from '../../../core/conversations/conversation.ts';
import type { ListedTalk } from '../../../core/conversations/talks.ts';
import type { Friendship } from '../../../core/friends/friend.ts';
import type { StrangerDetail } from '../../../core/friends/strangers.ts';
import { bareId, isPassenger, type PrincipalKey } from '../../../core/ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { UserDetail } from '../../../core/users/detail.ts';
import type { User } from '../../../core/users/user.ts';
import { type MlWords, toContent } from '../wire.ts';

export type ChatRecord = MlWords & { readonly speaker: string; readonly ts: number; readonly edited?: number };

export const toRecord = ({ sender, content, ts, editedTs }: Message): ChatRecord => {
  const { content: said, ...remark } = toContent(content);
  const edited = editedTs === undefined ? {} : { edited: editedTs };
  return { speaker: bareId(sender ?? ''), content: said, ts, ...remark, ...edited };
};

/** A message that was edited or recalled since: as a record, or without what was taken back. */
export const toChange = (message: Message) => {
  if (message.content.type !== 'recalled') return toRecord(message);
  const { sender, ts, editedTs } = message;
  return { speaker: bareId(sender ?? ''), ts, edited: editedTs, recalled: true };
};

const talkTypes = { friend: 0, group: 1, passenger: 3, stranger: 4 } as const;

/** `reader`: whose list it is. For a passenger everybody he talks with is a friend. */
export const toTalk = (reader: PrincipalKey, { talk, kind, recent, unread }: ListedTalk) => {
  const { conversation, peer, ts, head } = talk;
  const type = isPassenger(reader) ? talkTypes.friend : talkTypes[kind];
  return {
    to: { id: peer ? bareId(peer.who) : conversation.id, type },
    ...(conversation.name === null ? {} : { name: conversation.name }),
    ...withRecent(recent),
    unread: unread.count,
    ...(unread.mentioned ? { mentioned: true } : {}),
    readTs: unread.readTs,
    ...(peer ? { peerReadTs: peer.readTs } : {}),
    ts,
    head,
  };
};

/** Absent, not null, where nothing was said inside the window. */
export const withRecent = (recent: Message | null): { recent?: ChatRecord } =>
  recent ? { recent: toRecord(recent) } : {};

/** The application's own number, under the name that Android reads; absent until it was set. */
export const withType = (kindNo: number | null): { type?: number } => (kindNo === null ? {} : { type: kindNo });

export const toUserDetail = ({ user, sessions, installs, friends, groups, rooms }: UserDetail) => ({
  id: user.id,
  ts: user.seenAt,
  online: sessions > 0,
  sessions,
  installs,
  friends,
  groups,
  rooms,
  attributes: user.attributes,
  ...withType(user.kindNo),
});

export const toUserOutline = ({ id, seenAt, attributes, kindNo }: User, online: boolean) => ({
  id,
  online,
  ts: seenAt,
  attributes,
  ...withType(kindNo),
});

export const toFriendship = (app: App, { id, from, to, since }: Friendship) => ({
  id,
  from,
  to,
  ns: app.id,
  ts: since,
});

export const toStranger = ({ stranger, online, recent }: StrangerDetail) => ({
  id: stranger.id,
  online,
  ts: stranger.since,
  ...withRecent(recent),
});

/** The core keeps the name apart; in MaxLeap it is an attribute. */
export const attributesOf = ({ name, attributes }: { name: string | null; attributes: JsonObject }): JsonObject =>
  name === null ? attributes : { ...attributes, name };

/** At the top level too, where the documents of the JavaScript SDK show it. */
const withName = (attributes: JsonObject): { name?: string } =>
  typeof attributes.name === 'string' ? { name: attributes.name } : {};

const listed = ({ members }: ConversationWithMembers): string[] =>
  members.filter((member) => member.listed).map(({ who }) => bareId(who));

/** A group of another door may have no owner; here it always shows somebody. */
const ownerOf = ({ owner, creator, members }: ConversationWithMembers): string =>
  bareId(owner ?? creator ?? members[0]?.who ?? '');

export function toGroup(group: ConversationWithMembers) {
  const attributes = attributesOf(group);
  return {
    id: group.id,
    owner: ownerOf(group),
    members: listed(group),
    attributes,
    ts: group.createdAt,
    ...withName(attributes),
  };
}

export function toRoom(room: ConversationWithMembers) {
  const attributes = attributesOf(room);
  return { id: room.id, members: listed(room), attributes, ts: room.createdAt, ...withName(attributes) };
}
