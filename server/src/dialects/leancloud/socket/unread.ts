// What a client has not read, as LeanCloud counts it. A service's talk is one, though what it says to all its subscribers
// and what it says to one client lie in two conversations.
import type { App } from '../../../core/apps/app.ts';
import type { ConversationKey } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import type { PrincipalKey } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import type { Unread } from '../../../core/marks/mark.ts';
import type { Message } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { convTypes } from '../rows.ts';
import { dataOf } from '../wire.ts';
import type { UnreadTuple } from './frames.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

/** Conversations of one client that are looked at, and told of, when it comes. */
const lookedAtMax = 500;
export const toldMax = 50;

export type UnreadTalk = {
  readonly cid: string;
  readonly kind: ConversationKey['kind'];
  /** One conversation, or a service with the thread. */
  readonly parts: readonly Unread[];
  readonly count: number;
  readonly mentioned: boolean;
};

/** The conversations somebody is in, the newest talk first, with what is unread in each. */
export async function unreadTalks(
  core: Ports,
  app: App,
  who: PrincipalKey,
  temporaries: boolean,
): Promise<UnreadTalk[]> {
  const { store } = core;
  const kinds = ['direct', 'group', 'service', 'thread', ...(temporaries ? (['temporary'] as const) : [])] as const;
  const scan = { order: 'talked', newestFirst: true, limit: lookedAtMax } as const;
  const { conversations } = await store.conversations.scan(app.no, { kinds, member: who }, scan);
  const talked = conversations.filter(({ lastTs }) => lastTs > 0);
  const nos = talked.map(({ no }) => no);
  const [unread, services] = await Promise.all([store.marks.unread(app.no, who, nos), servicesOf(core, app, talked)]);
  const talks = new Map<string, { kind: ConversationKey['kind']; parts: Unread[] }>();
  for (const [n, { no, id, kind }] of talked.entries()) {
    const service = services.get(no);
    // A thread whose service is gone has nobody who could be shown.
    if (kind === 'thread' && !service) continue;
    const cid = service?.id ?? id;
    const talk = talks.get(cid) ?? { kind: service?.kind ?? kind, parts: [] };
    talk.parts.push(unread[n] as Unread);
    talks.set(cid, talk);
  }
  return [...talks].map(([cid, { kind, parts }]) => talkOf(cid, kind, parts));
}

async function servicesOf({ store }: Ports, app: App, talked: readonly ConversationKey[]) {
  const threads = talked.filter(({ kind }) => kind === 'thread').map(({ no }) => no);
  const services = threads.length === 0 ? [] : await store.services.ofThreads(app.no, threads);
  return new Map(threads.flatMap((no, n) => (services[n] ? [[no, services[n]] as const] : [])));
}

export const talkOf = (cid: string, kind: ConversationKey['kind'], parts: readonly Unread[]): UnreadTalk => ({
  cid,
  kind,
  parts,
  count: Math.min(
    limits.unreadMax,
    parts.reduce((sum, { count }) => sum + count, 0),
  ),
  mentioned: parts.some(({ mentioned }) => mentioned),
});

/** With the newest message of each; `newest`: of each conversation. */
export async function unreadTuples(
  { store }: Ports,
  app: App,
  who: PrincipalKey,
  talks: readonly UnreadTalk[],
): Promise<{ tuples: UnreadTuple[]; newest: Message[] }> {
  const nos = talks.flatMap(({ parts }) => parts.map(({ conversation }) => conversation));
  const found = await store.messages.newest(
    app.no,
    nos.map((conversation) => ({ conversation, filter: { recalled: true, reader: who } })),
  );
  const newest = found.filter((message) => message !== null);
  const byNo = new Map(newest.map((message) => [message.conversation, message]));
  const tuples = talks.map(({ cid, kind, parts, count, mentioned }) => ({
    cid,
    unread: count,
    ...lastOf(app, parts.flatMap(({ conversation }) => byNo.get(conversation) ?? []).sort((a, b) => b.ts - a.ts)[0]),
    mentioned: count > 0 && mentioned,
    convType: convTypes[kind],
  }));
  return { tuples, newest };
}

function lastOf(app: App, message: Message | undefined): Partial<UnreadTuple> {
  if (!message) return {};
  const { data, bin } = dataOf(message);
  return {
    mid: midOf(app, message),
    timestamp: message.ts,
    from: message.sender ?? '',
    ...(bin ? { binaryMsg: Buffer.from(data, 'base64') } : { data }),
    ...(message.editedTs === undefined ? {} : { patchTimestamp: message.editedTs }),
  };
}
