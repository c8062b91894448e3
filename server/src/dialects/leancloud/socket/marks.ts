// How far a client has received and read, and how far the others have.
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { markDelivered } from '../../../core/marks/deliver.ts';
import { markRead } from '../../../core/marks/read.ts';
import { noOfMid } from '../../../core/messages/mid.ts';
import { markServiceDelivered, markServiceRead } from '../../../core/services/talk.ts';
import { type Act, type Actor, need } from './client.ts';
import { assertMember, conversationOf } from './standing.ts';

const conversationsMax = 100;

/** `ack` without a number: messages have arrived. Nobody waits for an answer. */
export const received: Act = async (actor, { ackMessage: said = {} }) => {
  const { core, app, who, speaker, revision } = actor;
  const cid = need(said.cid, 'cid');
  const ts = said.tots ?? said.t ?? (await timeOf(actor, said.mid));
  const conversation = await markedOf(actor, cid);
  if (ts === undefined || !conversation) return undefined;
  // On the older protocol what has not arrived is sent again at the next login.
  const exact = revision === 1;
  if (conversation.kind === 'service') await markServiceDelivered(core, app, conversation, who, { ts, exact });
  else await markDelivered(core, app, speaker, { target: { kind: 'conversation', id: cid }, ts, exact });
  return undefined;
};

/** `read`: up to a time or a message, whichever is newer; of the oldest form, everything. */
export const seen: Act = async (actor, { readMessage: said = {} }) => {
  const { core, app, who, speaker, origin } = actor;
  const whole = [...(said.cids ?? []), ...(said.cid ? [said.cid] : [])].map((cid) => ({ cid, mid: undefined }));
  for (const one of [...(said.convs ?? []), ...whole].slice(0, conversationsMax)) {
    const { cid, timestamp = Number.MAX_SAFE_INTEGER } = one as { cid: string; timestamp?: number };
    const conversation = await markedOf(actor, cid);
    if (!conversation) continue;
    const ts = Math.max(timestamp, (await timeOf(actor, one.mid)) ?? 0);
    if (conversation.kind === 'service') await markServiceRead(core, app, conversation, who, ts, origin);
    else await markRead(core, app, speaker, { target: { kind: 'conversation', id: cid }, ts }, origin);
  }
  return undefined;
};

async function timeOf({ core, app }: Actor, mid: string | undefined): Promise<number | undefined> {
  const no = mid === undefined ? undefined : noOfMid(app, mid);
  return no === undefined ? undefined : (await core.store.messages.byNo(app.no, no))?.ts;
}

/** Rooms have no marks; what is gone has none any more. */
async function markedOf({ core, app }: Actor, cid: string): Promise<Conversation | undefined> {
  const conversation = (await core.facts.group(app.no, cid))?.conversation;
  return conversation?.kind === 'room' ? undefined : conversation;
}

export const maxRead: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app, who } = actor;
  const conversation = await conversationOf(actor, said.cid, 'list');
  // Rooms and services have no marks; SDKs ask all the same.
  if (conversation.kind === 'room' || conversation.kind === 'service')
    return answer(conversation, { maxReadTimestamp: 0, maxAckTimestamp: 0 });
  await assertMember(actor, conversation);
  const progress = await core.store.marks.of(app.no, conversation.no);
  const others = progress.filter((one) => one.who !== who);
  if (said.queryAllMembers) {
    const maxReadTuples = others.map((one) => ({
      pid: one.who,
      maxAckTimestamp: one.deliveredAt,
      maxReadTimestamp: one.readAt,
    }));
    return answer(conversation, { maxReadTuples });
  }
  const newest = (of: (one: (typeof others)[number]) => number) => Math.max(0, ...others.map(of));
  return answer(conversation, {
    maxReadTimestamp: newest(({ readAt }) => readAt),
    maxAckTimestamp: newest(({ deliveredAt }) => deliveredAt),
  });
};

const answer = ({ id }: Conversation, said: object) =>
  ({ cmd: 'conv', op: 'max_read', convMessage: { cid: id, ...said } }) as const;
