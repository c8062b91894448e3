// What a client has not read, as LeanCloud counts it.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import type { PrincipalKey } from '../../../core/ids.ts';
import type { Message } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { convTypes } from '../rows.ts';
import { dataOf } from '../wire.ts';
import type { UnreadTuple } from './frames.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

/** Conversations of one client that are looked at, and told of, when it comes. */
const lookedAtMax = 500;
export const toldMax = 50;

export type UnreadTalk = { readonly conversation: Conversation; readonly count: number; readonly mentioned: boolean };

/** The conversations somebody is in, the newest talk first, with what is unread in each. */
export async function unreadTalks(
  { store }: Ports,
  app: App,
  who: PrincipalKey,
  temporaries: boolean,
): Promise<(UnreadTalk & { readonly readTs: number })[]> {
  const kinds = ['direct', 'group', 'service', ...(temporaries ? (['temporary'] as const) : [])] as const;
  const scan = { order: 'talked', newestFirst: true, limit: lookedAtMax } as const;
  const { conversations } = await store.conversations.scan(app.no, { kinds, member: who }, scan);
  const talked = conversations.filter(({ lastTs }) => lastTs > 0);
  const unread = await store.marks.unread(
    app.no,
    who,
    talked.map(({ no }) => no),
  );
  return talked.map((conversation, n) => ({
    conversation,
    count: unread[n]?.count ?? 0,
    mentioned: unread[n]?.mentioned ?? false,
    readTs: unread[n]?.readTs ?? 0,
  }));
}

/** With the newest message of each. */
export async function unreadTuples(
  { store }: Ports,
  app: App,
  talks: readonly UnreadTalk[],
): Promise<{ tuples: UnreadTuple[]; newest: Message[] }> {
  const newest = await store.messages.newest(
    app.no,
    talks.map(({ conversation: { no } }) => ({ conversation: no, filter: { recalled: true } })),
  );
  const tuples = talks.map(({ conversation, count, mentioned }, n) => ({
    cid: conversation.id,
    unread: count,
    ...lastOf(app, newest[n] ?? undefined),
    mentioned: count > 0 && mentioned,
    convType: convTypes[conversation.kind],
  }));
  return { tuples, newest: newest.filter((message) => message !== null) };
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
