// Messages under the older base path: the same functions as on the newer one, under other names of parameters.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { editMessage } from '../../../core/messages/edit.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recallMessage } from '../../../core/messages/recall.ts';
import { removeMessage } from '../../../core/messages/remove.ts';
import { replaceMessage } from '../../../core/messages/replace.ts';
import type { Caller } from '../auth.ts';
import { parseBinary, parseData } from '../wire.ts';
import { everything } from './clients.ts';
import { answer, callerOf, masterOnly, paramsIn } from './conventions.ts';
import { history, messageIn, restPolicy, say, senders } from './messages.ts';
import { flagOf, integerOf, listOf, missing, optionalText, textOf } from './params.ts';
import { messageOf } from './records.ts';
import { changeForClients, changeForSubscribers } from './service-changes.ts';
import { historyOfSubscriber } from './service-history.ts';
import { sayToClients } from './service-say.ts';

const ids = ['conv_id', 'convid', 'conv-id', 'to'] as const;
const mids = ['msg_id', 'message_id', 'mid', 'msgid', 'msg-id'] as const;
const rtm = '/1.1/rtm';

export function olderMessageRoutes(door: FastifyInstance, core: Core): void {
  door.post(`${rtm}/messages`, async (request, reply) => answer(reply, await send(core, request)));
  for (const path of [`${rtm}/messages/history`, `${rtm}/messages/logs`])
    door.get(path, async (request, reply) => answer(reply, await read(core, callerOf(request), paramsIn(request))));
  const guarded = { onRequest: masterOnly };
  door.delete(`${rtm}/messages/logs`, guarded, async (request, reply) => {
    const { app } = callerOf(request);
    await removeMessage(core, app, await named(core, app, paramsIn(request), ['from', ...senders]));
    return answer(reply, {});
  });
  door.put(`${rtm}/messages/logs`, guarded, async (request, reply) => {
    const { app } = callerOf(request);
    const params = paramsIn(request);
    const data = textOf(params, 'data');
    const words = flagOf(params, 'bin') ? parseBinary(Buffer.from(data, 'base64')) : parseData(data);
    await replaceMessage(core, app, await named(core, app, params), words);
    return answer(reply, {});
  });
  door.post(`${rtm}/patch/message`, guarded, async (request, reply) => {
    await patch(core, callerOf(request).app, paramsIn(request));
    return answer(reply, { result: {} });
  });
}

/** Of any kind but a thread. */
export async function openAny(
  { store }: Pick<Core, 'store'>,
  app: App,
  params: JsonObject,
  purpose: 'send' | 'read' | 'change' = 'change',
): Promise<Conversation> {
  const conversation = await store.conversations.open(app.no, textOf(params, ...ids));
  if (!conversation || conversation.kind === 'thread')
    throw new ImError('conversation-not-found', 'CONVERSATION_NOT_FOUND', { purpose });
  return conversation;
}

/** Here a message is transient unless it says otherwise. */
async function send(core: Core, request: FastifyRequest): Promise<JsonObject> {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const conversation = await openAny(core, app, params, 'send');
  const said: JsonObject = { transient: true, ...params };
  if (conversation.kind === 'service') return sayToClients(core, app, conversation, said, 1);
  const transient = flagOf(said, 'transient');
  return say(core, app, { id: conversation.id, params, transient, usual: 1, silent: conversation.kind === 'room' });
}

/** Of a conversation with the app key; of a sender, or of everybody, with the master key. */
async function read(core: Core, { app, master }: Caller, params: JsonObject): Promise<JsonObject[]> {
  const convid = optionalText(params, ...ids);
  if (convid === undefined) {
    if (!master) throw new ImError('forbidden', 'Forbidden: master key required.');
    const sender = optionalText(params, 'from');
    return everything(core, app, params, sender === undefined ? {} : { sender });
  }
  const conversation = await core.store.conversations.open(app.no, convid);
  if (conversation && conversation.kind !== 'thread') return history(core, app, conversation, params);
  const client = optionalText(params, 'peerid', 'client_id');
  const service = client === undefined ? undefined : await serviceOfDigest(core, app, convid, client);
  if (!service || client === undefined)
    throw new ImError('conversation-not-found', 'CONVERSATION_NOT_FOUND', { purpose: 'read' });
  return historyOfSubscriber(core, app, service, client, params);
}

/** What a service said to one client has a name of its own: a digest of both, so the client has to be known. */
async function serviceOfDigest(
  core: Core,
  app: App,
  digest: string,
  client: string,
): Promise<Conversation | undefined> {
  if (!/^[0-9a-f]{32}$/.test(digest)) return undefined;
  const { conversations } = await core.store.conversations.scan(
    app.no,
    { kinds: ['service'] },
    { order: 'created', newestFirst: true, limit: limits.queryScanMax },
  );
  return conversations.find(({ id }) => createHash('md5').update(`${id}:${client}`).digest('hex') === digest);
}

/** With `from`: what its sender is called here. */
async function named(core: Core, app: App, params: JsonObject, from: readonly string[] = []): Promise<Message> {
  const conversation = await openAny(core, app, params);
  const ts = integerOf(params, 'timestamp');
  if (ts === undefined) throw missing('timestamp');
  const message = await messageOf(core, app, conversation, textOf(params, ...mids), ts);
  if (from.length > 0 && message.sender !== textOf(params, ...from))
    throw new ImError('not-the-sender', 'MESSAGE_OWNERSHIP_REQUIRED');
  return message;
}

async function patch(core: Core, app: App, params: JsonObject): Promise<void> {
  const service = await openAny(core, app, params);
  const recall = flagOf(params, 'recall');
  if (service.kind === 'service') {
    const wanted = { mid: textOf(params, ...mids), deed: recall ? 'recall' : 'edit', params } as const;
    const clients = listOf(params, 'to_peers', 'to_clients')?.slice(0, limits.threadsPerCallMax) ?? [];
    if (clients.length > 0) await changeForClients(core, app, service, clients, wanted);
    else await changeForSubscribers(core, app, service, wanted);
    return;
  }
  const message = await named(core, app, params, senders);
  const speaker = { who: message.sender ?? '', as: message.as };
  const at = { target: { kind: 'conversation', id: service.id } as const, ts: message.ts, policy: restPolicy };
  if (recall) await recallMessage(core, app, speaker, at, { again: 'ok' });
  else {
    const draft = { ...parseData(messageIn(params)), mentions: message.mentions };
    await editMessage(core, app, speaker, at, draft, { words: 'off' });
  }
}
