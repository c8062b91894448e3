// Messages as REST records, and how a request names one of them.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { threadId } from '../../../core/ids.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { Edge, Message, Range } from '../../../core/messages/message.ts';
import { midOf, noOfMid } from '../../../core/messages/mid.ts';
import { dataOf } from '../wire.ts';
import { flagOf, given, integerOf, limitOf, optionalText } from './params.ts';

/** What a service said to one client is found under this name. */
export const threadDigest = threadId;

/** One message of a history; `name`: what it is queried by. `ack-at` is there once somebody had it. */
export function recordOf(app: App, id: string, message: Message, name = id): JsonObject {
  const { data, bin } = dataOf(message);
  const { mentions, deliveredAt, editedTs } = message;
  return {
    timestamp: message.ts,
    'conv-id': name,
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

/** A boundary that is a message, not a time alone. */
type Place = { readonly message: Message; readonly closed: boolean };

export type HistoryQuery = {
  readonly range: Range;
  readonly limit: number;
  readonly oldestFirst: boolean;
  readonly start?: Place;
  readonly stop?: Place;
};

const dayMs = 86_400_000;

/**
 * The range that a request's boundaries mean; the start is the newer end unless it is reversed. `nos`: conversations that
 * its messages may be in. Nothing is older than the app shows.
 */
export async function historyQuery(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  nos: readonly number[],
  params: JsonObject,
): Promise<HistoryQuery> {
  const oldestFirst = flagOf(params, 'reversed');
  const start = await edgeOf(core, app, nos, {
    ts: integerOf(params, 'timestamp', 'max_ts'),
    mid: optionalText(params, 'msgid'),
    closed: flagOf(params, 'include_start'),
  });
  const stop = await edgeOf(core, app, nos, {
    ts: integerOf(params, 'till_timestamp'),
    mid: optionalText(params, 'till_msgid'),
    closed: flagOf(params, 'include_stop'),
  });
  const [early, late] = oldestFirst ? [start, stop] : [stop, start];
  const oldest = { ts: windowStart(core, app) };
  const range: Range = {
    ...(late.edge ? { before: late.edge } : {}),
    after: early.edge && early.edge.ts >= oldest.ts ? early.edge : oldest,
    exact: true,
    from: oldestFirst ? 'oldest' : 'newest',
  };
  const limit = given(params, 'limit') === undefined ? 100 : limitOf(params, 100, 1_000, 1_000);
  const places = { ...(start.place ? { start: start.place } : {}), ...(stop.place ? { stop: stop.place } : {}) };
  return { range, limit, oldestFirst, ...places };
}

/** Exclusive; before the first message when the app shows everything. */
export function windowStart({ clock }: Pick<Core, 'clock'>, { settings }: App): number {
  const days = settings['leancloud.historyDays'];
  return days === 0 ? -1 : clock.now() - days * dayMs;
}

async function edgeOf(
  core: Pick<Core, 'store'>,
  app: App,
  nos: readonly number[],
  { ts, mid, closed }: { ts: number | undefined; mid: string | undefined; closed: boolean },
): Promise<{ edge?: Edge; place?: Place }> {
  if (ts === undefined) return {};
  if (mid === undefined) return { edge: { ts, closed } };
  for (const no of nos) {
    const message = await messageOf(core, app, { no }, mid, ts).catch(() => undefined);
    if (message) return { edge: { ts, sub: message.sub, closed }, place: { message, closed } };
  }
  // An id that is unknown leaves its time as the boundary.
  return { edge: { ts, closed } };
}
