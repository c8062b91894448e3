// A service's word to a few clients: a message in the thread of each. One id and one time name them all: those of the
// first; the others carry a reference to it.
import type { App } from '../../../core/apps/app.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { Message } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { sendMessage } from '../../../core/messages/send.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { draftIn, restPolicy, senders } from './messages.ts';
import { flagOf, given, missing, peerOf, peersOf } from './params.ts';

/** `usual`: the priority where none is named; `address`: where the caller is. */
export async function sayToClients(
  core: Core,
  app: App,
  service: Conversation,
  params: JsonObject,
  { usual, address }: { readonly usual: 1 | 2; readonly address: string },
): Promise<JsonObject> {
  const who = peerOf(params, ...senders);
  const clients = clientsIn(params);
  if (clients === undefined) throw missing('to_clients');
  const push = given(params, 'push_data', 'push');
  const said = { ...params, ...(push === undefined ? {} : { push_data: push }) };
  const draft = draftIn(said, { transient: flagOf(params, 'transient'), usual });
  const speaker = { who, as: 'user', address } as const;
  const echoToSender = flagOf(params, 'no_sync') ? 'none' : 'all';
  await ensureUsers(core, app, [who, ...clients], 'create-any');
  let first: Message | undefined;
  for (const to of clients) {
    const ref = first === undefined || first.no === 0 ? {} : { ref: copyRef(first) };
    const target = { kind: 'thread', id: service.id, to } as const;
    const message = await sendMessage(
      core,
      app,
      speaker,
      target,
      { ...draft, ...ref },
      { ...restPolicy, echoToSender },
    );
    first ??= message;
  }
  if (first === undefined) throw missing('to_clients');
  return { 'msg-id': midOf(app, first), timestamp: first.ts };
}

/** What the copy of a message in another client's thread refers to. */
export const copyRef = ({ no }: Pick<Message, 'no'>): string => `copy/${no}`;

/** The clients that a service speaks to; undefined: it speaks to all its subscribers. */
export function clientsIn(params: JsonObject): string[] | undefined {
  const clients = peersOf(params, 'to_clients', 'to_peers');
  if (clients === undefined || clients.length === 0) return undefined;
  if (clients.length > limits.threadsPerCallMax)
    throw new ImError('invalid-argument', `to_clients takes 1 to ${limits.threadsPerCallMax} clients.`, {
      what: 'to_clients',
      max: limits.threadsPerCallMax,
    });
  return clients;
}
