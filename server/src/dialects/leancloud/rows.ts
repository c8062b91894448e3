// Conversations as LeanCloud's rows: what queries filter, and clients and REST callers see.
import { createHash } from 'node:crypto';
import type { App } from '../../core/apps/app.ts';
import type { Conversation, ConversationKind } from '../../core/conversations/conversation.ts';
import type { Core } from '../../core/core.ts';
import type { PrincipalKey } from '../../core/ids.ts';
import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Message } from '../../core/messages/message.ts';
import { midOf } from '../../core/messages/mid.ts';
import { conversationSubject } from '../../core/subjects.ts';
import type { Row } from './where.ts';
import { dataOf } from './wire.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

export type RowParts = {
  /** Whose `muted` and `joined` are shown; absent: nobody's. */
  readonly who?: PrincipalKey;
  /** Members, and who has muted it. */
  readonly members: boolean;
  readonly lastMessage?: boolean;
};

export const convTypes = {
  direct: 1,
  group: 1,
  room: 2,
  service: 3,
  thread: 3,
  temporary: 4,
} as const satisfies Record<ConversationKind, number>;

export const iso = (ms: number): string => new Date(ms).toISOString();

/** In the order given. */
export async function rowsOf(
  core: Ports,
  app: App,
  conversations: readonly Conversation[],
  parts: RowParts,
): Promise<Row[]> {
  const nos = conversations.map(({ no }) => no);
  const gathered = conversations.filter(hasMembers).map(({ no }) => no);
  const [members, muters, quiets, services, last] = await Promise.all([
    parts.members && gathered.length > 0 ? core.store.conversations.membersOf(app.no, gathered) : [],
    parts.members ? Promise.all(nos.map((no) => muted(core, app, no))) : [],
    parts.who === undefined ? [] : core.store.quiets.of(app.no, parts.who),
    parts.who === undefined ? [] : joinedServices(core, app, conversations, parts.who),
    parts.lastMessage ? core.store.messages.newest(app.no, nos.map(newestOf)) : [],
  ]);
  const membersByNo = new Map(members.map((one) => [one.no, one.members.map(({ who }) => who)]));
  const quietAbout = new Set(quiets);
  const joinedAt = new Map(services);
  return conversations.map((conversation, n) => ({
    ...factsOf(conversation),
    ...(hasMembers(conversation) && parts.members
      ? membersOf(conversation, membersByNo.get(conversation.no) ?? [])
      : {}),
    ...(parts.members ? { mu: muters[n] ?? [] } : {}),
    ...(parts.who === undefined ? {} : { muted: quietAbout.has(conversationSubject(conversation.no)) }),
    ...(parts.who !== undefined && conversation.kind === 'service' ? joinedOf(joinedAt.get(conversation.no)) : {}),
    ...(conversation.expiresAt === null ? {} : { temp: true, ttl: ttlOf(conversation.expiresAt, core.clock.now()) }),
    ...lastOf(app, last[n] ?? undefined),
  }));
}

const hasMembers = ({ kind }: Conversation): boolean => kind === 'direct' || kind === 'group' || kind === 'temporary';

const newestOf = (conversation: number) => ({ conversation, filter: { recalled: true } });

/** Whole seconds, rounded up. */
export const ttlOf = (expiresAt: number, nowMs: number): number => Math.max(0, Math.ceil((expiresAt - nowMs) / 1000));

const muted = ({ store }: Ports, app: App, no: number): Promise<PrincipalKey[]> =>
  store.quiets.about(app.no, conversationSubject(no), { skip: 0, limit: limits.messagesPageMax });

async function joinedServices(
  { store }: Ports,
  app: App,
  conversations: readonly Conversation[],
  who: PrincipalKey,
): Promise<[number, number][]> {
  const services = conversations.filter(({ kind }) => kind === 'service');
  const found = await Promise.all(services.map(({ no }) => store.conversations.among(app.no, no, [who])));
  return services.flatMap(({ no }, n): [number, number][] => {
    const [member] = found[n] ?? [];
    return member ? [[no, member.joinedAt]] : [];
  });
}

const joinedOf = (at: number | undefined): Row =>
  at === undefined ? { joined: false } : { joined: true, joinedAt: at };

/** An application's own columns first: none of them takes the place of what this row is. */
function factsOf(conversation: Conversation): Row {
  const { id, kind, name, attributes, columns, creator, createdAt, updatedAt, lastTs } = conversation;
  return {
    ...columns,
    objectId: id,
    ...(name === null ? {} : { name }),
    ...(creator === null ? {} : { c: creator }),
    ...(Object.keys(attributes).length > 0 ? { attr: attributes } : {}),
    ...(kind === 'room' ? { tr: true } : {}),
    ...(kind === 'service' ? { sys: true } : {}),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    ...(lastTs > 0 ? { lm: { __type: 'Date', iso: iso(lastTs) } } : {}),
    conv_type: convTypes[kind],
  };
}

function membersOf({ kind, unique }: Conversation, m: string[]): Row {
  return { m, ...(unique && kind !== 'temporary' ? { unique: true, uniqueId: uniqueIdOf(m) } : {}) };
}

/** The same for the same members in any order: 32 hex digits. */
export const uniqueIdOf = (members: readonly string[]): string =>
  createHash('md5')
    .update([...new Set(members)].sort().join(':'))
    .digest('hex');

function lastOf(app: App, message: Message | undefined): Row {
  if (!message) return {};
  const { data, bin } = dataOf(message);
  const { mentions } = message;
  return {
    msg: data,
    bin,
    msg_mid: midOf(app, message),
    msg_from: message.sender ?? '',
    msg_timestamp: message.ts,
    ...(message.editedTs === undefined ? {} : { patch_timestamp: message.editedTs }),
    ...(mentions ? { mention_all: mentions.all, mention_pids: [...mentions.who] as Json[] } : {}),
  };
}
