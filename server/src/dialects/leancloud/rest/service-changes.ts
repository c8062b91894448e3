// Changing, taking back and taking away what a service said: to all its subscribers, to some clients, to everybody.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { hideMessage } from '../../../core/messages/clear.ts';
import { editMessage } from '../../../core/messages/edit.ts';
import type { Message } from '../../../core/messages/message.ts';
import { noOfMid } from '../../../core/messages/mid.ts';
import { recallMessage } from '../../../core/messages/recall.ts';
import { removeMessage } from '../../../core/messages/remove.ts';
import type { SendTarget } from '../../../core/messages/route.ts';
import { parseData } from '../wire.ts';
import { broadcastOf } from './broadcasts.ts';
import { messageIn, restPolicy, senders } from './messages.ts';
import { integerOf, missing, textOf } from './params.ts';
import { messageOf } from './records.ts';
import { threadOf } from './service-history.ts';
import { copyRef } from './service-say.ts';
import { isSubscribed } from './subscribers.ts';

export type ServiceChange = { readonly mid: string; readonly deed: 'edit' | 'recall'; readonly params: JsonObject };

const notFound = (): ImError => new ImError('message-not-found', 'MESSAGE_NOT_FOUND');

/** Sender and time that the request has to know. */
function claimIn(params: JsonObject): { from: string; ts: number } {
  const from = textOf(params, ...senders, 'client_id');
  const ts = integerOf(params, 'timestamp');
  if (ts === undefined) throw missing('timestamp');
  return { from, ts };
}

function assertSender(from: string, sender: string | null): void {
  if (sender !== from) throw new ImError('not-the-sender', 'MESSAGE_OWNERSHIP_REQUIRED');
}

/** A broadcast to everybody is changed for those who have not got it yet; recalled, it ends. */
export async function changeForSubscribers(
  core: Core,
  app: App,
  service: Conversation,
  { mid, deed, params }: ServiceChange,
  address: string,
): Promise<void> {
  const { from, ts } = claimIn(params);
  const broadcast = await broadcastOf(core, app, mid, service);
  if (broadcast) {
    if (broadcast.createdAt !== ts) throw notFound();
    assertSender(from, broadcast.sender);
    if (deed === 'recall') await core.store.services.endBroadcast(app.no, broadcast.no);
    else await core.store.services.changeBroadcast(app.no, broadcast.no, parseData(messageIn(params)));
    return;
  }
  const message = await messageOf(core, app, service, mid, ts);
  assertSender(from, message.sender);
  await change(core, app, message, { kind: 'conversation', id: service.id }, { mid, deed, params }, address);
}

/** Only the copies of these clients. All are found before one is changed. */
export async function changeForClients(
  core: Core,
  app: App,
  service: Conversation,
  clients: readonly string[],
  wanted: ServiceChange,
  address: string,
): Promise<void> {
  const { from, ts } = claimIn(wanted.params);
  const named = await saidToClients(core, app, service, wanted.mid, ts);
  assertSender(from, named.sender);
  const copies: { to: string; message: Message }[] = [];
  for (const to of clients) copies.push({ to, message: await copyFor(core, app, service, named, to) });
  for (const { to, message } of copies)
    await change(core, app, message, { kind: 'thread', id: service.id, to }, wanted, address);
}

/** The server's copy alone; what went to all subscribers goes out of this one's sight. */
export async function removeForClient(
  core: Core,
  app: App,
  service: Conversation,
  client: string,
  mid: string,
  params: JsonObject,
): Promise<void> {
  const { from, ts } = claimIn(params);
  const number = noOfMid(app, mid);
  const toAll = number === undefined ? undefined : await core.store.messages.byNo(app.no, number);
  if (toAll?.conversation === service.no) {
    if (toAll.ts !== ts || !(await isSubscribed(core, app, service, client))) throw notFound();
    assertSender(from, toAll.sender);
    await hideMessage(core, app, toAll, client);
    return;
  }
  const named = await saidToClients(core, app, service, mid, ts);
  assertSender(from, named.sender);
  await removeMessage(core, app, await copyFor(core, app, service, named, client));
}

async function change(
  core: Core,
  app: App,
  message: Message,
  target: SendTarget,
  { deed, params }: ServiceChange,
  address: string,
): Promise<void> {
  const speaker = { who: message.sender ?? '', as: message.as, address };
  const at = { target, ts: message.ts, policy: restPolicy };
  if (deed === 'recall') {
    await recallMessage(core, app, speaker, at, { again: 'ok' });
    return;
  }
  const draft = { ...parseData(messageIn(params)), mentions: message.mentions };
  await editMessage(core, app, speaker, at, draft, { words: 'off' });
}

/** A message in one of the service's threads. */
async function saidToClients(
  core: Pick<Core, 'store'>,
  app: App,
  { no }: Conversation,
  mid: string,
  ts: number,
): Promise<Message> {
  const number = noOfMid(app, mid);
  const message = number === undefined ? undefined : await core.store.messages.byNo(app.no, number);
  if (!message || message.ts !== ts) throw notFound();
  const [thread] = await core.store.services.ofThreads(app.no, [message.conversation]);
  if (thread?.no !== no) throw notFound();
  return message;
}

/** The message itself, or its copy in another client's thread. */
async function copyFor(
  core: Pick<Core, 'store'>,
  app: App,
  service: Conversation,
  named: Message,
  client: string,
): Promise<Message> {
  const thread = await threadOf(core, app, service, client);
  if (thread === undefined) throw notFound();
  if (thread === named.conversation) return named;
  const copy = await core.store.messages.byRef(app.no, thread, named.sender ?? '', copyRef(named));
  if (!copy) throw notFound();
  return copy;
}
