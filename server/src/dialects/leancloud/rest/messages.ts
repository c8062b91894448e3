// What is said over REST, its history, and how it is changed, taken back or taken away.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { editMessage } from '../../../core/messages/edit.ts';
import { type Draft, type Message, messageFlags } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { recallMessage } from '../../../core/messages/recall.ts';
import { removeMessage } from '../../../core/messages/remove.ts';
import { sendMessage } from '../../../core/messages/send.ts';
import { type SpeakPolicy, sessionPolicy } from '../../../core/messages/speak.ts';
import { type Family, openFor } from '../open.ts';
import { pushWordsOf } from '../push-words.ts';
import { parseData } from '../wire.ts';
import { answer, callerOf, masterOnly, masterWhenStrict, newestShape, paramsIn, segment } from './conventions.ts';
import { flagOf, given, integerOf, missing, peerOf, peersOf, textOf } from './params.ts';
import { historyQuery, messageOf, recordOf } from './records.ts';

/** REST is the application's own hand: whoever it names may speak, member or not, silenced or not. */
export const restPolicy: SpeakPolicy = {
  ...sessionPolicy,
  sender: 'ensure',
  target: 'ensure',
  groupStanding: 'none',
  roomStanding: 'none',
  obey: { silence: false, blocks: false, disabled: false, words: 'off' },
  echoToSender: 'all',
};

const messageBytesMax = 5_120;
const mentionsMax = 20;
export const senders = ['from_client', 'from_peer', 'from'] as const;
const priorities: Record<string, 1 | 2 | 3> = { high: 1, normal: 2, low: 3 };

export function messageRoutes(door: FastifyInstance, core: Core): void {
  for (const family of ['conversations', 'chatrooms'] as const) {
    const base = `/1.2/rtm/${family}/:id/messages`;
    const strict = family === 'conversations' ? masterWhenStrict : masterOnly;
    door.post(base, { onRequest: strict }, async (request, reply) => answer(reply, await send(core, request, family)));
    door.get(base, { onRequest: masterOnly }, async (request, reply) => {
      const { app } = callerOf(request);
      const conversation = await openFor(core, app, family, segment(request, 'id'), 'read');
      return answer(reply, await history(core, app, conversation, paramsIn(request)));
    });
    changes(door, core, family, base, strict);
  }
}

/** Each with POST, as the first documents have it, and with PUT, as the newest do. */
function changes(door: FastifyInstance, core: Core, family: Family, base: string, onRequest: typeof masterOnly): void {
  for (const method of ['POST', 'PUT'] as const) {
    door.route({
      method,
      url: `${base}/:mid`,
      onRequest,
      handler: async (request, reply) => {
        const { app, message, conversation, params } = await named(core, request, family);
        const draft = { ...parseData(messageIn(params)), mentions: mentionsIn(params) ?? message.mentions };
        await editMessage(core, app, speakerOf(message, request), changed(conversation, message), draft, {
          words: 'off',
        });
        return answer(reply, { result: {} });
      },
    });
    door.route({
      method,
      url: `${base}/:mid/recall`,
      onRequest,
      handler: async (request, reply) => {
        const { app, message, conversation } = await named(core, request, family);
        await recallMessage(core, app, speakerOf(message, request), changed(conversation, message), { again: 'ok' });
        return answer(reply, { result: {} });
      },
    });
  }
  door.delete(`${base}/:mid`, { onRequest }, async (request, reply) => {
    const { app, message } = await named(core, request, family);
    await removeMessage(core, app, message);
    return answer(reply, newestShape(callerOf(request)) ? {} : { result: {} });
  });
}

const speakerOf = ({ sender, as }: Message, { ip: address }: FastifyRequest) => ({ who: sender ?? '', as, address });
const changed = ({ id }: Conversation, { ts }: Message) => ({
  target: { kind: 'conversation', id } as const,
  ts,
  policy: restPolicy,
});

/** The message of a path, whose sender and time the request has to know. */
async function named(core: Core, request: FastifyRequest, family: Family) {
  const { app } = callerOf(request);
  const conversation = await openFor(core, app, family, segment(request, 'id'));
  const params = paramsIn(request);
  const from = textOf(params, ...senders, 'client_id');
  const ts = integerOf(params, 'timestamp');
  if (ts === undefined) throw missing('timestamp');
  const message = await messageOf(core, app, conversation, segment(request, 'mid'), ts);
  if (message.sender !== from) throw new ImError('not-the-sender', 'MESSAGE_OWNERSHIP_REQUIRED');
  return { app, conversation, message, params };
}

async function send(core: Core, request: FastifyRequest, family: Family): Promise<JsonObject> {
  const caller = callerOf(request);
  const { app } = caller;
  const conversation = await openFor(core, app, family, segment(request, 'id'), 'send');
  const params = paramsIn(request);
  const transient = flagOf(params, 'transient');
  return say(core, app, {
    id: conversation.id,
    params,
    transient,
    usual: newestShape(caller) ? 2 : 1,
    silent: family === 'chatrooms',
    address: request.ip,
  });
}

/** One message as its parameters say it; `usual`: its priority when they name none. */
export async function say(
  core: Core,
  app: App,
  say: { id: string; params: JsonObject; transient: boolean; usual: 1 | 2; silent: boolean; address: string },
): Promise<JsonObject> {
  const { params, transient } = say;
  const who = peerOf(params, ...senders);
  const draft = draftIn(params, { transient, usual: say.usual });
  const echoToSender = say.silent || flagOf(params, 'no_sync') ? 'none' : 'all';
  const target = { kind: 'conversation', id: say.id } as const;
  const speaker = { who, as: 'user', address: say.address } as const;
  const message = await sendMessage(core, app, speaker, target, draft, { ...restPolicy, echoToSender });
  return { 'msg-id': midOf(app, message), timestamp: message.ts };
}

export function draftIn(params: JsonObject, { transient, usual }: { transient: boolean; usual: 1 | 2 }): Draft {
  const push = pushWordsOf(given(params, 'push_data'));
  return {
    ...parseData(messageIn(params)),
    mentions: mentionsIn(params),
    priority: priorityIn(params, usual),
    flags: transient ? messageFlags.onlineOnly : 0,
    ...(push === undefined ? {} : { push }),
  };
}

/** The text of a message; an object is taken as its JSON. Counted with the push data, in bytes. */
export function messageIn(params: JsonObject): string {
  const value = given(params, 'message');
  const text = typeof value === 'object' ? JSON.stringify(value) : value === undefined ? '' : String(value);
  if (text === '') throw missing('message');
  const push = given(params, 'push_data');
  const pushText = push === undefined ? '' : typeof push === 'string' ? push : JSON.stringify(push);
  if (Buffer.byteLength(text) + Buffer.byteLength(pushText) > messageBytesMax)
    throw new ImError('too-large', 'FRAME_TOO_LONG', { what: 'content', max: messageBytesMax });
  return text;
}

function mentionsIn(params: JsonObject): Draft['mentions'] {
  const who = peersOf(params, 'mention_client_ids');
  const all = flagOf(params, 'mention_all');
  if (who && who.length > mentionsMax)
    throw new ImError('invalid-argument', `mention_client_ids takes at most ${mentionsMax}.`, {
      what: 'mention_client_ids',
      max: mentionsMax,
    });
  return who || all ? { all, who: who ?? [] } : undefined;
}

function priorityIn(params: JsonObject, usual: 1 | 2): 1 | 2 | 3 {
  const value = given(params, 'priority');
  if (value === undefined) return usual;
  const priority = priorities[String(value).toLowerCase()];
  if (priority === undefined) throw new ImError('invalid-argument', 'priority is high, normal or low.');
  return priority;
}

/** Newest first, or oldest first when it is reversed; recalled ones show that they were taken back. */
export async function history(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  conversation: Conversation,
  params: JsonObject,
): Promise<JsonObject[]> {
  const { range, limit, oldestFirst } = await historyQuery(core, app, [conversation.no], params);
  const messages = await core.store.messages.page(app.no, conversation.no, range, limit, { recalled: true });
  const records = messages.map((message) => recordOf(app, conversation.id, message));
  return oldestFirst ? records : records.reverse();
}
