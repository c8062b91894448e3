// Messages under the older base path: the same functions as on the newer one, under other names of parameters.
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
import { conversationNames, openAny } from '../open.ts';
import { spend } from '../rate.ts';
import { assertSigned, signedTexts } from '../signature.ts';
import { parseBinary, parseData } from '../wire.ts';
import { everything } from './clients.ts';
import { answer, callerOf, masterOnly, paramsIn } from './conventions.ts';
import { history, messageIn, restPolicy, say, senders } from './messages.ts';
import { flagOf, integerOf, listOf, missing, optionalText, textOf } from './params.ts';
import { historyQuery, messageOf, recordOf, threadDigest } from './records.ts';
import { changeForClients, changeForSubscribers } from './service-changes.ts';
import { historyOfSubscriber } from './service-history.ts';
import { sayToClients } from './service-say.ts';

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
    await patch(core, request);
    return answer(reply, { result: {} });
  });
}

/** Here a message is transient unless it says otherwise. */
async function send(core: Core, request: FastifyRequest): Promise<JsonObject> {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const conversation = await openAny(core, app, params, 'send');
  const said: JsonObject = { transient: true, ...params };
  if (conversation.kind === 'service')
    return sayToClients(core, app, conversation, said, { usual: 1, address: request.ip });
  const transient = flagOf(said, 'transient');
  const silent = conversation.kind === 'room';
  return say(core, app, { id: conversation.id, params, transient, usual: 1, silent, address: request.ip });
}

/** Of a conversation with the app key; of a sender, or of everybody, with the master key. */
async function read(core: Core, { app, master }: Caller, params: JsonObject): Promise<JsonObject[]> {
  const convid = optionalText(params, ...conversationNames);
  if (convid === undefined) {
    if (!master) throw new ImError('forbidden', 'Forbidden: master key required.');
    const sender = optionalText(params, 'from');
    return everything(core, app, params, sender === undefined ? {} : { sender });
  }
  if (!master && app.settings['leancloud.historySignature']) assertMayRead(core, app, params, convid);
  const client = optionalText(params, 'peerid', 'client_id');
  const conversation = await core.store.conversations.open(app.no, convid);
  // What went to all subscribers is in their own histories, and in no other.
  if (conversation?.kind === 'service')
    return client === undefined ? [] : historyOfSubscriber(core, app, conversation, client, params, true);
  if (conversation && conversation.kind !== 'thread') return history(core, app, conversation, params);
  if (conversation) {
    const [service] = await core.store.services.ofThreads(app.no, [conversation.no]);
    if (service && (client === undefined || client === service.who))
      return threadHistory(core, app, { ...service, no: conversation.no }, params);
  }
  const service = client === undefined ? undefined : await serviceOfDigest(core, app, convid, client);
  if (!service || client === undefined)
    throw new ImError('conversation-not-found', 'CONVERSATION_NOT_FOUND', { purpose: 'read' });
  return historyOfSubscriber(core, app, service, client, params, true);
}

/** Throws `signature-rejected`. */
function assertMayRead({ clock }: Core, app: App, params: JsonObject, convid: string): void {
  const signature = {
    timestamp: optionalText(params, 'signature_ts'),
    nonce: optionalText(params, 'nonce'),
    signature: optionalText(params, 'signature'),
  };
  const client = optionalText(params, 'client_id', 'peerid') ?? '';
  assertSigned('history', app, signature, signedTexts.history(app.id, client, convid), clock.now());
}

async function threadHistory(
  core: Core,
  app: App,
  { no, id, who }: { no: number; id: string; who: string },
  params: JsonObject,
): Promise<JsonObject[]> {
  const { range, limit, oldestFirst } = await historyQuery(core, app, [no], params);
  const messages = await core.store.messages.page(app.no, no, range, limit, { recalled: true, reader: who });
  const records = messages.map((message) => recordOf(app, id, message, threadDigest(id, who)));
  return oldestFirst ? records : records.reverse();
}

/** A service that has not spoken to the client yet: there is no thread that could be found by the digest of both. */
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
  return conversations.find(({ id }) => threadDigest(id, client) === digest);
}

/** With `from`: what its sender is called here. */
async function named(core: Core, app: App, params: JsonObject, from: readonly string[] = []): Promise<Message> {
  const conversation = await openAny(core, app, params, 'change', true);
  const ts = integerOf(params, 'timestamp');
  if (ts === undefined) throw missing('timestamp');
  const message = await messageOf(core, app, conversation, textOf(params, ...mids), ts);
  if (from.length > 0 && message.sender !== textOf(params, ...from))
    throw new ImError('not-the-sender', 'MESSAGE_OWNERSHIP_REQUIRED');
  return message;
}

async function patch(core: Core, request: FastifyRequest): Promise<void> {
  const { app } = callerOf(request);
  const params = paramsIn(request);
  const address = request.ip;
  const service = await openAny(core, app, params);
  const recall = flagOf(params, 'recall');
  if (service.kind === 'service') {
    const wanted = { mid: textOf(params, ...mids), deed: recall ? 'recall' : 'edit', params } as const;
    const clients = listOf(params, 'to_peers', 'to_clients')?.slice(0, limits.threadsPerCallMax) ?? [];
    spend(request, clients.length > 0 ? 'messages' : 'subscribers');
    if (clients.length > 0) await changeForClients(core, app, service, clients, wanted, address);
    else await changeForSubscribers(core, app, service, wanted, address);
    return;
  }
  spend(request, 'messages');
  const message = await named(core, app, params, senders);
  const speaker = { who: message.sender ?? '', as: message.as, address };
  const at = { target: { kind: 'conversation', id: service.id } as const, ts: message.ts, policy: restPolicy };
  if (recall) await recallMessage(core, app, speaker, at, { again: 'ok' });
  else {
    const draft = { ...parseData(messageIn(params)), mentions: message.mentions };
    await editMessage(core, app, speaker, at, draft, { words: 'off' });
  }
}
