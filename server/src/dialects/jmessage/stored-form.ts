// A message as reports and callbacks show it. Most of it is the core's own; what only this door knows of a message is kept
// beside the content, where the content would not give it back.
import { isDeepStrictEqual } from 'node:util';
import type { App } from '../../core/apps/app.ts';
import { uploadPathOf } from '../../core/attachments/links.ts';
import type { ConversationKey } from '../../core/conversations/conversation.ts';
import type { Core } from '../../core/core.ts';
import type { Person } from '../../core/guests/name.ts';
import type { PrincipalKey } from '../../core/ids.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type Content, type Message, messageFlags, type Original } from '../../core/messages/message.ts';
import { type KnownFiles, type MessageBody, toMessageBody } from './message-body.ts';
import { originOf } from './other-apps.ts';
import { fieldOf } from './rest/body.ts';

type Ports = Pick<Core, 'store' | 'apps' | 'facts'>;

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
  const homes = await homesOf(core, app, nos);
  const shown: JsonObject[] = [];
  for (const message of messages) {
    const target = targetOf(message, places.get(message.conversation), clients.get(message.conversation));
    const to = homes.get(message.conversation) ?? (await originOf(core, app, target.id));
    const from = await originOf(core, app, message.sender ?? '');
    shown.push(stored(message, { type: target.type, ...to }, from, known));
  }
  return shown;
}

type Place = ConversationKey & { readonly pair?: readonly [PrincipalKey, PrincipalKey] };

function stored(message: Message, to: Person & { type: string }, from: Person, known: KnownFiles): JsonObject {
  const kept = keptOf(message);
  const body = isJsonObject(kept.msg_body)
    ? { msg_type: kept.msg_type ?? 'custom', msg_body: kept.msg_body }
    : wordsOf(toMessageBody(message.content, known));
  const byUser = message.as === 'user' || message.as === 'passenger';
  const fromName = fieldOf(kept, 'from_name');
  const notification = fieldOf(kept, 'notification');
  return {
    target_type: to.type,
    target_id: to.name,
    target_name: fieldOf(kept, 'target_name') ?? '',
    target_appkey: to.app.id,
    from_type: byUser ? 'user' : 'admin',
    from_id: from.name,
    from_name: fromName ?? '',
    from_appkey: from.app.id,
    from_platform: 'api',
    ...body,
    create_time: fieldOf(kept, 'create_time') ?? Math.floor(message.ts / 1_000),
    version: 1,
    msgid: message.no,
    msg_ctime: message.ts,
    msg_level: from.app.id === to.app.id ? 0 : 1,
    set_from_name: fromName === undefined ? 0 : 1,
    no_offline: (message.flags & messageFlags.uncounted) !== 0,
    no_notification: (message.flags & messageFlags.silent) !== 0,
    ...(notification === undefined ? {} : { notification }),
  };
}

const wordsOf = ({ type, body }: MessageBody): JsonObject => ({ msg_type: type, msg_body: body });

type Target = { readonly type: string; readonly id: PrincipalKey };

function targetOf(message: Message, place: Place | undefined, client: PrincipalKey | undefined): Target {
  const number = String(message.conversation);
  switch (place?.kind) {
    case 'direct':
      return { type: 'single', id: place.pair?.find((who) => who !== message.sender) ?? '' };
    case 'thread':
      return { type: 'single', id: client ?? '' };
    case 'room':
      return { type: 'chatroom', id: number };
    default:
      return { type: 'group', id: number };
  }
}

/** Of conversations that are twins: what their home calls them. */
async function homesOf({ store, apps }: Ports, app: App, nos: readonly number[]): Promise<Map<number, Person>> {
  const homes = new Map<number, Person>();
  for (const { no, home } of await store.guests.homesOf(app.no, nos)) {
    const other = await apps.byId(home.appId);
    if (other) homes.set(no, { name: String(home.no), app: other });
  }
  return homes;
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
