// A message as reports and callbacks show it. Most of it is the core's own; what only this door knows of a message is kept
// beside the content, where the content would not give it back.
import { isDeepStrictEqual } from 'node:util';
import type { App } from '../../core/apps/app.ts';
import { uploadPathOf } from '../../core/attachments/links.ts';
import type { ConversationKey } from '../../core/conversations/conversation.ts';
import type { Core } from '../../core/core.ts';
import { bareId, type PrincipalKey } from '../../core/ids.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type Content, type Message, messageFlags, type Original } from '../../core/messages/message.ts';
import { type KnownFiles, type MessageBody, toMessageBody } from './message-body.ts';
import { fieldOf } from './rest/body.ts';

type Ports = Pick<Core, 'store'>;

/** What a request said besides the message's own words. */
export type Envelope = {
  readonly from_name?: string;
  readonly target_name?: string;
  /** Seconds, as the sender had them. */
  readonly create_time?: number;
  readonly notification?: JsonObject;
};

/** undefined: the content alone gives everything back. */
export function keepOriginal(content: Content, said: MessageBody, envelope: Envelope): Original | undefined {
  const again = toMessageBody(content);
  const same = again.type === said.type && isDeepStrictEqual(again.body, said.body);
  const kept = { ...(same ? {} : { msg_type: said.type, msg_body: said.body }), ...envelope };
  if (Object.keys(kept).length === 0) return undefined;
  return { door: 'jmessage', body: JSON.stringify(kept), binary: false };
}

function keptOf({ original }: Message): JsonObject {
  if (original?.door !== 'jmessage') return {};
  const kept: unknown = JSON.parse(original.body);
  return isJsonObject(kept) ? kept : {};
}

/** In the order of the messages. */
export async function toStored(core: Ports, app: App, messages: readonly Message[]): Promise<JsonObject[]> {
  const known = await knownFiles(core, app, messages);
  const nos = [...new Set(messages.map(({ conversation }) => conversation))];
  const keys = await core.store.conversations.keys(app.no, nos);
  const places = new Map(nos.map((no, i) => [no, keys[i]]));
  const clients = await clientsOf(core, app, keys);
  return messages.map((message) => {
    const place = places.get(message.conversation);
    return stored(app, message, place, clients.get(message.conversation), known);
  });
}

type Place = ConversationKey & { readonly pair?: readonly [PrincipalKey, PrincipalKey] };

function stored(
  app: App,
  message: Message,
  place: Place | undefined,
  client: PrincipalKey | undefined,
  known: KnownFiles,
): JsonObject {
  const kept = keptOf(message);
  const body = isJsonObject(kept.msg_body)
    ? { msg_type: kept.msg_type ?? 'custom', msg_body: kept.msg_body }
    : wordsOf(toMessageBody(message.content, known));
  const byUser = message.as === 'user' || message.as === 'passenger';
  const fromName = fieldOf(kept, 'from_name');
  const notification = fieldOf(kept, 'notification');
  return {
    ...targetOf(message, place, client),
    target_name: fieldOf(kept, 'target_name') ?? '',
    target_appkey: app.id,
    from_type: byUser ? 'user' : 'admin',
    from_id: message.sender === null ? '' : bareId(message.sender),
    from_name: fromName ?? '',
    from_appkey: app.id,
    from_platform: 'api',
    ...body,
    create_time: fieldOf(kept, 'create_time') ?? Math.floor(message.ts / 1_000),
    version: 1,
    msgid: message.no,
    msg_ctime: message.ts,
    msg_level: 0,
    set_from_name: fromName === undefined ? 0 : 1,
    no_offline: (message.flags & messageFlags.uncounted) !== 0,
    no_notification: (message.flags & messageFlags.silent) !== 0,
    ...(notification === undefined ? {} : { notification }),
  };
}

const wordsOf = ({ type, body }: MessageBody): JsonObject => ({ msg_type: type, msg_body: body });

function targetOf(message: Message, place: Place | undefined, client: PrincipalKey | undefined): JsonObject {
  const number = String(message.conversation);
  switch (place?.kind) {
    case 'direct': {
      const other = place.pair?.find((who) => who !== message.sender);
      return { target_type: 'single', target_id: bareId(other ?? '') };
    }
    case 'thread':
      return { target_type: 'single', target_id: bareId(client ?? '') };
    case 'room':
      return { target_type: 'chatroom', target_id: number };
    default:
      return { target_type: 'group', target_id: number };
  }
}

/** Who a service's talk with one client is with. */
async function clientsOf(
  { store }: Ports,
  app: App,
  places: readonly (Place | undefined)[],
): Promise<Map<number, PrincipalKey | undefined>> {
  const threads = places.flatMap((place) => (place?.kind === 'thread' ? [place.no] : []));
  if (threads.length === 0) return new Map();
  const lists = await store.conversations.membersOf(app.no, threads);
  return new Map(lists.map(({ no, members }) => [no, members[0]?.who]));
}

/** Uploads that other doors' messages speak of, as far as they belong to this app. */
async function knownFiles({ store }: Ports, app: App, messages: readonly Message[]): Promise<KnownFiles> {
  const paths = new Set<string>();
  for (const { content } of messages) {
    if (!('file' in content) || content.file.crc32 !== undefined) continue;
    const path = uploadPathOf(content.file.url);
    if (path !== undefined) paths.add(path);
  }
  const rows = await Promise.all([...paths].map((path) => store.media.byPath(path)));
  return new Map(rows.flatMap((row) => (row?.app === app.no ? [[row.path, row]] : [])));
}
