// `logs`: what was said.

import type { Conversation } from '../../../core/conversations/conversation.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import type { Progress } from '../../../core/marks/mark.ts';
import { type Edge, type Message, messageFlags } from '../../../core/messages/message.ts';
import { midOf, noOfMid } from '../../../core/messages/mid.ts';
import type { Broadcast } from '../../../core/services/service.ts';
import { talkWithService } from '../../../core/services/talk.ts';
import { convTypes } from '../rows.ts';
import { dataOf, lctypeOf } from '../wire.ts';
import type { Act, Actor } from './client.ts';
import type { LogItem, LogsMessage } from './frames.ts';
import { conversationOf, isMember } from './standing.ts';

const limitUsual = 20;
const limitMax = 100;
/** Pages that a search for one kind of message looks through. */
const stepsMax = 20;
const dayMs = 86_400_000;

/** Always oldest first. Members see all; of a room everybody, and of a service each what it said to him. */
export const logs: Act = async (actor, { logsMessage: said = {} }) => {
  const { core, app, who } = actor;
  const conversation = await conversationOf(actor, said.cid, 'read');
  const { kind, id } = conversation;
  if (kind !== 'room' && kind !== 'service' && !(await isMember(actor, conversation, who)))
    throw new ImError('not-a-member', 'only members read what was said', { purpose: 'read', kind });
  const asked = said.l ?? said.limit ?? limitUsual;
  const limit = Math.min(Math.max(0, asked), limitMax);
  const found = limit === 0 ? [] : await page(actor, conversation, said, limit);
  const { length } = found;
  const progress =
    length > 0 && kind !== 'room' && kind !== 'service' ? await core.store.marks.of(app.no, conversation.no) : [];
  const items = found.map((message) => itemOf(actor, conversation, message, progress));
  return { cmd: 'logs', logsMessage: { cid: id, logs: items } };
};

async function page(actor: Actor, conversation: Conversation, said: LogsMessage, limit: number): Promise<Message[]> {
  const { core, app } = actor;
  const newer = said.direction === 'NEW';
  let start = await edgeOf(actor, said.t, said.mid, said.tIncluded);
  const end = await edgeOf(actor, said.tt, said.tmid, said.ttIncluded);
  const days = app.settings['leancloud.historyDays'];
  const oldest = days === 0 ? 0 : core.clock.now() - days * dayMs;
  const read = await readerOf(actor, conversation);
  const found: Message[] = [];
  for (let step = 0; step < stepsMax; step += 1) {
    const after = later(newer ? start : end, { ts: oldest });
    const before = newer ? end : start;
    const size = said.lctype === undefined ? limit : limits.messagesPageMax;
    const messages = await read({ before, after, from: newer ? 'oldest' : 'newest' }, size);
    const fitting = said.lctype === undefined ? messages : messages.filter((one) => lctypeOf(one) === said.lctype);
    if (newer) found.push(...fitting);
    else found.unshift(...fitting);
    const last = newer ? messages.at(-1) : messages[0];
    if (messages.length < size || found.length >= limit || !last) break;
    start = { ts: last.ts, sub: last.sub };
  }
  return newer ? found.slice(0, limit) : found.slice(-limit);
}

type Stretch = { readonly before: Edge | undefined; readonly after: Edge; readonly from: 'oldest' | 'newest' };

/** How a stretch of the conversation is read, oldest first. Of a service: what all heard, and what this client heard. */
async function readerOf(
  { core, app, who }: Actor,
  conversation: Conversation,
): Promise<(stretch: Stretch, size: number) => Promise<Message[]>> {
  const { store } = core;
  const messages = (no: number, stretch: Stretch, size: number) =>
    store.messages.page(app.no, no, { ...stretch, exact: true }, size, { recalled: true, reader: who });
  if (conversation.kind !== 'service') return (stretch, size) => messages(conversation.no, stretch, size);
  const nos = await talkWithService(core, app, conversation, who);
  return async (stretch, size) => {
    const told = await store.services.told(app.no, conversation.no, { ...stretch, limit: size });
    const said = await Promise.all(nos.map((no) => messages(no, stretch, size)));
    const all = [...said.flat(), ...told.map(asMessage)].sort((a, b) => a.ts - b.ts || a.sub - b.sub || a.no - b.no);
    return stretch.from === 'oldest' ? all.slice(0, size) : all.slice(-size);
  };
}

const asMessage = ({ createdAt, push: _, validUntil: _until, ...broadcast }: Broadcast): Message => ({
  ...broadcast,
  ts: createdAt,
  sub: 0,
  as: 'app',
  flags: 0,
});

/** A boundary with the id of a message speaks of that one; without, of the whole millisecond. */
async function edgeOf(
  { core, app }: Actor,
  ts: number | undefined,
  mid: string | undefined,
  closed: boolean | undefined,
): Promise<Edge | undefined> {
  if (ts === undefined || ts <= 0) return undefined;
  const named = mid === undefined || mid === '' ? undefined : mid;
  const no = named && (noOfMid(app, named) ?? (await core.store.messages.foreignNo(app.no, ts, named)));
  const message = no ? await core.store.messages.byNo(app.no, no) : undefined;
  const sub = message?.ts === ts ? { sub: message.sub } : {};
  return { ts, ...sub, ...(closed ? { closed } : {}) };
}

const later = (a: Edge | undefined, b: Edge): Edge => (a === undefined || a.ts < b.ts ? b : a);

function itemOf({ app }: Actor, { kind }: Conversation, message: Message, progress: readonly Progress[]): LogItem {
  const { ts, sender, deliveredAt, editedTs, mentions } = message;
  const { data, bin } = dataOf(message);
  const receipt = (message.flags & messageFlags.receipt) !== 0;
  const readers = receipt ? progress.filter((one) => one.who !== sender && one.ts >= ts) : [];
  const readAt = readers.length > 0 ? Math.min(...readers.map((one) => one.readAt)) : undefined;
  return {
    from: sender ?? '',
    data,
    timestamp: ts,
    msgId: midOf(app, message),
    ...(deliveredAt === undefined ? {} : { ackAt: deliveredAt }),
    ...(readAt === undefined ? {} : { readAt }),
    ...(editedTs === undefined ? {} : { patchTimestamp: editedTs }),
    ...(mentions?.all ? { mentionAll: true } : {}),
    ...(mentions?.who.length ? { mentionPids: [...mentions.who] } : {}),
    bin,
    convType: convTypes[kind],
  };
}
