// Messages as REST records, and how a request names one of them.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { Edge, Message, Range } from '../../../core/messages/message.ts';
import { midOf, noOfMid } from '../../../core/messages/mid.ts';
import { dataOf } from '../wire.ts';
import { flagOf, given, integerOf, limitOf, optionalText } from './params.ts';

/** One message of a history. `ack-at` is there once somebody had it. */
export function recordOf(app: App, id: string, message: Message): JsonObject {
  const { data, bin } = dataOf(message);
  const { mentions, deliveredAt, editedTs } = message;
  return {
    timestamp: message.ts,
    'conv-id': id,
    data,
    from: message.sender ?? '',
    'msg-id': midOf(app, message),
    'is-conv': true,
    'is-room': false,
    to: id,
    bin,
    'from-ip': '',
    ...(deliveredAt === undefined ? {} : { 'ack-at': deliveredAt }),
    ...(editedTs === undefined ? {} : { 'patch-timestamp': editedTs }),
    ...(mentions ? { 'mention-all': mentions.all, 'mention-pids': [...mentions.who] as Json[] } : {}),
  };
}

/** The message of that id in that conversation; with `ts` it must have been said then. Throws `message-not-found`. */
export async function messageOf(
  core: Pick<Core, 'store'>,
  app: App,
  conversation: Pick<Conversation, 'no'>,
  mid: string,
  ts?: number,
): Promise<Message> {
  const no = noOfMid(app, mid);
  const message =
    no === undefined
      ? await core.store.messages.byForeignId(app.no, conversation.no, mid)
      : await core.store.messages.byNo(app.no, no);
  if (!message || message.conversation !== conversation.no || (ts !== undefined && message.ts !== ts))
    throw new ImError('message-not-found', 'MESSAGE_NOT_FOUND');
  return message;
}

export type HistoryQuery = { readonly range: Range; readonly limit: number; readonly oldestFirst: boolean };

/** The range that a request's boundaries mean; the start is the newer end unless it is reversed. */
export async function historyQuery(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  conversation: Pick<Conversation, 'no'>,
  params: JsonObject,
): Promise<HistoryQuery> {
  const oldestFirst = flagOf(params, 'reversed');
  const start = await edgeOf(core, app, conversation, {
    ts: integerOf(params, 'timestamp', 'max_ts'),
    mid: optionalText(params, 'msgid'),
    closed: flagOf(params, 'include_start'),
  });
  const stop = await edgeOf(core, app, conversation, {
    ts: integerOf(params, 'till_timestamp'),
    mid: optionalText(params, 'till_msgid'),
    closed: flagOf(params, 'include_stop'),
  });
  const range: Range = {
    ...(oldestFirst ? { after: start, before: stop } : { before: start, after: stop }),
    exact: true,
    from: oldestFirst ? 'oldest' : 'newest',
  };
  return { range, limit: given(params, 'limit') === undefined ? 100 : limitOf(params, 100, 1_000, 1_000), oldestFirst };
}

async function edgeOf(
  core: Pick<Core, 'store'>,
  app: App,
  conversation: Pick<Conversation, 'no'>,
  { ts, mid, closed }: { ts: number | undefined; mid: string | undefined; closed: boolean },
): Promise<Edge | undefined> {
  if (ts === undefined) return undefined;
  if (mid === undefined) return { ts, closed };
  // An id that is unknown leaves its time as the boundary.
  const message = await messageOf(core, app, conversation, mid, ts).catch(() => undefined);
  return message ? { ts, sub: message.sub, closed } : { ts, closed };
}
