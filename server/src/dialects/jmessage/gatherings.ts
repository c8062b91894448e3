// Groups and chat rooms by their numbers, and how this door shows them.
import type { App } from '../../core/apps/app.ts';
import type { Conversation, ConversationKey, ConversationKind } from '../../core/conversations/conversation.ts';
import { memberLimits } from '../../core/conversations/limits.ts';
import type { Member } from '../../core/conversations/member.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { bareId, type PrincipalKey } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { toTime } from './times.ts';

type Ports = Pick<Core, 'store'>;

/** What is a group here: a conversation that will end by itself looks like any other. */
export const groupKinds: readonly ConversationKind[] = ['group', 'temporary'];
export const isGroup = ({ kind }: Pick<ConversationKey, 'kind'>): boolean => groupKinds.includes(kind);

export const noGroup = (): ImError => new ImError('conversation-not-found', 'group not found', { kind: 'group' });
export const noRoom = (): ImError => new ImError('conversation-not-found', 'room not found', { kind: 'room' });

/** Throws `conversation-not-found`. */
export async function openGroup(core: Ports, app: App, gid: number): Promise<Conversation> {
  const group = await byNumber(core, app, gid);
  if (!group || !isGroup(group)) throw noGroup();
  return group;
}

/** Throws `conversation-not-found`. */
export async function openRoom(core: Ports, app: App, no: number): Promise<Conversation> {
  const room = await byNumber(core, app, no);
  if (room?.kind !== 'room') throw noRoom();
  return room;
}

/** Some other door's id may be a number too: only the conversation's own counts. A twin belongs to another app. */
async function byNumber({ store }: Ports, app: App, no: number): Promise<Conversation | undefined> {
  if ((await store.guests.homesOf(app.no, [no])).length > 0) return undefined;
  const found = await store.conversations.open(app.no, String(no));
  if (found?.no === no) return found;
  const { conversations } = await store.conversations.scan(
    app.no,
    { nos: [no] },
    {
      order: 'created',
      newestFirst: false,
      limit: 1,
    },
  );
  return conversations[0];
}

/** Everybody in each, in the order of joining; the owner first. */
export async function membersOf(
  { store }: Ports,
  app: App,
  conversations: readonly Conversation[],
): Promise<Map<number, Member[]>> {
  const lists = await store.conversations.membersOf(
    app.no,
    conversations.map(({ no }) => no),
  );
  const owners = new Map(conversations.map(({ no, owner }) => [no, owner]));
  return new Map(
    lists.map(({ no, members }) => {
      const owner = owners.get(no);
      return [no, [...members].sort((a, b) => Number(b.who === owner) - Number(a.who === owner))];
    }),
  );
}

/** Other doors know conversations that nobody owns: whoever made it stands in, or has been there longest. */
export function ownerOf({ owner, creator }: Conversation, members: readonly Member[]): PrincipalKey | undefined {
  return owner ?? members.find(({ who }) => who === creator)?.who ?? members[0]?.who;
}

/** In the order of the conversations. */
export async function toGroups(core: Ports, app: App, groups: readonly Conversation[]): Promise<JsonObject[]> {
  const lists = await membersOf(core, app, groups);
  return groups.map((group) => toGroup(app, group, lists.get(group.no) ?? []));
}

function toGroup(app: App, group: Conversation, members: readonly Member[]): JsonObject {
  const zone = app.settings['jmessage.timezone'];
  const owner = ownerOf(group, members);
  const { membersMax } = memberLimits(app, group.kind, group);
  const name = group.name ?? '';
  const desc = group.description ?? '';
  return {
    gid: group.no,
    owner_username: owner === undefined ? '' : bareId(owner),
    name,
    group_name: name,
    members_username: members.filter(({ who }) => who !== owner).map(({ who }) => bareId(who)),
    desc,
    group_desc: desc,
    ...(group.avatar === null ? {} : { avatar: group.avatar }),
    appkey: app.id,
    MaxMemberCount: membersMax,
    level: levelOf(membersMax),
    flag: group.open ? 2 : 1,
    mtime: toTime(group.infoAt, zone),
    ctime: toTime(group.createdAt, zone),
  };
}

/** The classes that the vendor sells groups in, by how many people fit. */
const levelOf = (membersMax: number): number => 1 + [40, 100, 200].filter((size) => membersMax > size).length;

/** In the order of the conversations. */
export async function toRooms(core: Ports, app: App, rooms: readonly Conversation[]): Promise<JsonObject[]> {
  const zone = app.settings['jmessage.timezone'];
  const ownerless = await membersOf(
    core,
    app,
    rooms.filter(({ owner }) => owner === null),
  );
  return rooms.map((room) => ({
    id: room.no,
    owner_username: bareId(ownerOf(room, ownerless.get(room.no) ?? []) ?? ''),
    appkey: app.id,
    name: room.name ?? '',
    description: room.description ?? '',
    max_member_count: memberLimits(app, room.kind, room).membersMax,
    total_member_count: room.memberCount,
    ctime: toTime(room.createdAt, zone),
  }));
}

/** Those of these kinds, of this app, that somebody is in, by their numbers. */
export async function conversationsOf(
  { store }: Ports,
  app: App,
  who: PrincipalKey,
  kinds: readonly ConversationKind[],
): Promise<Conversation[]> {
  const found: Conversation[] = [];
  for (let more = true; more; ) {
    const page = await store.conversations.scan(
      app.no,
      { kinds, member: who, own: true },
      {
        order: 'created',
        newestFirst: false,
        skip: found.length,
        limit: pageMax,
      },
    );
    found.push(...page.conversations);
    more = page.more;
  }
  return found.sort((a, b) => a.no - b.no);
}

const pageMax = 1_000;

export type NumberedPage = { readonly total: number; readonly conversations: Conversation[] };

/** A page of all of these kinds, by creation. */
export async function listed(
  { store }: Ports,
  app: App,
  kinds: readonly ConversationKind[],
  { start, count }: { readonly start: number; readonly count: number },
): Promise<NumberedPage> {
  const total = await store.conversations.count(app.no, { kinds, own: true });
  if (start >= total) return { total, conversations: [] };
  const scan = { order: 'created', newestFirst: false, skip: start, limit: count } as const;
  const { conversations } = await store.conversations.scan(app.no, { kinds, own: true }, scan);
  return { total, conversations };
}
