// `logs`: what was said.

import type { Conversation } from '../../../core/conversations/conversation.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import type { Progress } from '../../../core/marks/mark.ts';
import { type Edge, type Message, messageFlags } from '../../../core/messages/message.ts';
import { midOf, noOfMid } from '../../../core/messages/mid.ts';
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

/** Always oldest first. Members see all; of a room and of what a service tells everybody sees what there is. */
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
  const found: Message[] = [];
  for (let step = 0; step < stepsMax; step += 1) {
    const after = later(newer ? start : end, { ts: oldest });
    const before = newer ? end : start;
    const size = said.lctype === undefined ? limit : limits.messagesPageMax;
    const range = { before, after, exact: true, from: newer ? 'oldest' : 'newest' } as const;
    const messages = await core.store.messages.page(app.no, conversation.no, range, size, { recalled: true });
    const fitting = said.lctype === undefined ? messages : messages.filter((one) => lctypeOf(one) === said.lctype);
    if (newer) found.push(...fitting);
    else found.unshift(...fitting);
    const last = newer ? messages.at(-1) : messages[0];
    if (messages.length < size || found.length >= limit || !last) break;
    start = { ts: last.ts, sub: last.sub };
  }
  return newer ? found.slice(0, limit) : found.slice(-limit);
}

/** A boundary with the id of a message speaks of that one; without, of the whole millisecond. */
async function edgeOf(
  { core, app }: Actor,
  ts: number | undefined,
  mid: string | undefined,
  closed: boolean | undefined,
): Promise<Edge | undefined> {
  if (ts === undefined || ts <= 0) return undefined;
  const no = mid === undefined || mid === '' ? undefined : noOfMid(app, mid);
  const message = no === undefined ? undefined : await core.store.messages.byNo(app.no, no);
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
