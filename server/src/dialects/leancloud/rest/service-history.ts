// What one subscriber has heard of a service: what went to all subscribers, and what went to him alone, as one history.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Edge, Message } from '../../../core/messages/message.ts';
import { talkWithService } from '../../../core/services/talk.ts';
import { type HistoryQuery, historyQuery, recordOf, threadDigest } from './records.ts';

/** Number of the service's thread with a client; undefined: it never spoke to him alone. */
export async function threadOf(
  { store }: Pick<Core, 'store'>,
  app: App,
  { no }: Conversation,
  client: string,
): Promise<number | undefined> {
  const [thread] = await store.services.threadsOf(app.no, client, [no]);
  return thread ?? undefined;
}

/** Of who has not subscribed only what went to him alone, and so of everybody where `alone` says it. */
export async function historyOfSubscriber(
  core: Core,
  app: App,
  service: Conversation,
  client: string,
  params: JsonObject,
  alone = false,
): Promise<JsonObject[]> {
  const all = await talkWithService(core, app, service, client);
  const nos = alone ? all.filter((no) => no !== service.no) : all;
  const query = await historyQuery(core, app, nos, params);
  const pages = await Promise.all(nos.map((no) => pageOf(core, app, no, query, client)));
  const sign = query.oldestFirst ? 1 : -1;
  const found = pages
    .flat()
    .sort((a, b) => sign * order(a, b))
    .slice(0, query.limit);
  // By this name all of it is found; what went to all subscribers is the service's own.
  const name = threadDigest(service.id, client);
  return found.map((message) =>
    recordOf(app, service.id, message, message.conversation === service.no ? service.id : name),
  );
}

const order = (a: Message, b: Message): number => a.ts - b.ts || a.sub - b.sub || a.no - b.no;

/** Both histories are cut by the same places: the id that names one is in one of them only. */
async function pageOf(
  { store }: Core,
  app: App,
  no: number,
  { range, limit, start, stop, oldestFirst }: HistoryQuery,
  reader: string,
): Promise<Message[]> {
  const closed = ({ ts, ...edge }: Edge): Edge => ({ ts, closed: edge.closed || edge.sub !== undefined });
  const [early, late] = oldestFirst ? [start, stop] : [stop, start];
  const whole = {
    ...range,
    // A whole millisecond more at each end that a message names, which is then cut by hand.
    ...(range.after && typeof range.after === 'object' ? { after: closed(range.after) } : {}),
    ...(range.before && typeof range.before === 'object' ? { before: closed(range.before) } : {}),
    exact: false,
  };
  const more = Number(start !== undefined) + Number(stop !== undefined);
  const messages = await store.messages.page(app.no, no, whole, limit + more, { recalled: true, reader });
  return messages.filter((one) => isBeyond(one, early, 1) && isBeyond(one, late, -1));
}

/** Whether a message lies on the right side of another: behind it (1) or before it (-1). */
function isBeyond(one: Message, place: HistoryQuery['start'], side: 1 | -1): boolean {
  if (!place) return true;
  const at = order(one, place.message) * side;
  return place.closed ? at >= 0 : at > 0;
}
