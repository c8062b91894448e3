// How far a client has received and read, and how far the others have.
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { markDelivered } from '../../../core/marks/deliver.ts';
import { markRead } from '../../../core/marks/read.ts';
import { noOfMid } from '../../../core/messages/mid.ts';
import { type Act, type Actor, need } from './client.ts';
import { assertMember, conversationOf } from './standing.ts';

const conversationsMax = 100;

/** `ack` without a number: messages have arrived. Nobody waits for an answer. */
export const received: Act = async (actor, { ackMessage: said = {} }) => {
  const { core, app, speaker } = actor;
  const cid = need(said.cid, 'cid');
  const ts = said.tots ?? said.t ?? (await timeOf(actor, said.mid));
  if (ts === undefined || (await keepsNothing(actor, cid))) return undefined;
  await markDelivered(core, app, speaker, { target: { kind: 'conversation', id: cid }, ts });
  return undefined;
};

/** `read`: up to a time or a message, whichever is newer; of the oldest form, everything. */
export const seen: Act = async (actor, { readMessage: said = {} }) => {
  const { core, app, speaker, origin } = actor;
  const whole = [...(said.cids ?? []), ...(said.cid ? [said.cid] : [])].map((cid) => ({ cid, mid: undefined }));
  for (const one of [...(said.convs ?? []), ...whole].slice(0, conversationsMax)) {
    const { cid, timestamp = Number.MAX_SAFE_INTEGER } = one as { cid: string; timestamp?: number };
    if (await keepsNothing(actor, cid)) continue;
    const ts = Math.max(timestamp, (await timeOf(actor, one.mid)) ?? 0);
    await markRead(core, app, speaker, { target: { kind: 'conversation', id: cid }, ts }, origin);
  }
  return undefined;
};

async function timeOf({ core, app }: Actor, mid: string | undefined): Promise<number | undefined> {
  const no = mid === undefined ? undefined : noOfMid(app, mid);
  return no === undefined ? undefined : (await core.store.messages.byNo(app.no, no))?.ts;
}

/** Rooms have no marks; what is gone has none any more. */
async function keepsNothing({ core, app }: Actor, cid: string): Promise<boolean> {
  const kind = (await core.facts.group(app.no, cid))?.conversation.kind;
  return kind === undefined || kind === 'room';
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
