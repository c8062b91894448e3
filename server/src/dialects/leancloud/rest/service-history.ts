// What one subscriber has heard of a service: what went to all subscribers, and what went to him alone, as one history.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { Message } from '../../../core/messages/message.ts';
import { historyQuery, recordOf } from './records.ts';
import { isSubscribed } from './subscribers.ts';

/** Number of the service's thread with a client; undefined: it never spoke to him alone. */
export async function threadOf(
  { store }: Pick<Core, 'store'>,
  app: App,
  { no }: Conversation,
  client: string,
): Promise<number | undefined> {
  const { conversations } = await store.conversations.scan(
    app.no,
    { kinds: ['thread'], member: client },
    { order: 'created', newestFirst: false, limit: limits.queryScanMax },
  );
  const nos = conversations.map((thread) => thread.no);
  const services = await store.services.ofThreads(app.no, nos);
  return nos[services.findIndex((service) => service?.no === no)];
}

/** Of who has not subscribed only what went to him alone. */
export async function historyOfSubscriber(
  core: Core,
  app: App,
  service: Conversation,
  client: string,
  params: JsonObject,
): Promise<JsonObject[]> {
  const thread = await threadOf(core, app, service, client);
  const nos = [
    ...((await isSubscribed(core, app, service, client)) ? [service.no] : []),
    ...(thread === undefined ? [] : [thread]),
  ];
  const pages = await Promise.all(
    nos.map(async (no) => {
      const query = await historyQuery(core, app, { no }, params);
      return {
        ...query,
        messages: await core.store.messages.page(app.no, no, query.range, query.limit, { recalled: true }),
      };
    }),
  );
  const [query] = pages;
  if (!query) return [];
  const order = (a: Message, b: Message) => a.ts - b.ts || a.sub - b.sub || a.no - b.no;
  const all = pages
    .flatMap(({ messages }) => messages)
    .sort(query.oldestFirst ? order : (a, b) => order(b, a))
    .slice(0, query.limit);
  return all.map((message) => recordOf(app, service.id, message));
}
