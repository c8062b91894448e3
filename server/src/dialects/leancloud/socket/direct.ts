// `direct`: what a client says.
import { createHash } from 'node:crypto';
import { ImError } from '../../../core/errors.ts';
import { type Draft, messageFlags } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { type Sent, stageMessage } from '../../../core/messages/send.ts';
import { sendUpstream } from '../../../core/services/upstream.ts';
import { pushWordsOf } from '../push-words.ts';
import { parseBinary, parseData } from '../wire.ts';
import { type Actor, need } from './client.ts';
import { censored } from './encode.ts';
import type { Command, DirectMessage } from './frames.ts';
import { socketPolicy } from './policy.ts';
import { bits } from './said.ts';

const bytesMax = 5120;
const mentionsMax = 20;
const refCharsMax = 200;

/** The answer, and what the sender is told behind it. */
type Said = { readonly ack?: Command; readonly more?: Command };

export async function direct(actor: Actor, command: Command): Promise<{ done: Promise<Said> }> {
  const message = command.directMessage ?? {};
  const cid = need(message.cid, 'cid');
  assertFits(message);
  const { core, app, speaker, origin, live } = actor;
  const ack = (uid: string, t: number): Said => ({ ack: { cmd: 'ack', ackMessage: { cid, uid, t } } });
  const conversation = (await core.facts.group(app.no, cid))?.conversation;
  if (message.will) {
    live.will = message;
    return { done: Promise.resolve(ack(midOf(app, { no: 0 }), core.clock.now())) };
  }
  const draft = draftOf(actor, message, command.priority);
  if (conversation?.kind === 'service') {
    const { no, createdAt } = await sendUpstream(core, app, conversation, speaker.who, draft);
    return { done: Promise.resolve(ack(`upstream-${no}`, createdAt)) };
  }
  const target = { kind: 'conversation', id: cid } as const;
  const { done } = await stageMessage(core, app, speaker, target, draft, socketPolicy(app), origin);
  // Older clients wait for no answer to what is kept nowhere.
  const silent = message.transient === true && (live.bits & bits.transientAcks) === 0;
  return {
    done: done.then(({ message: said, starred }: Sent) => ({
      ...(silent ? {} : ack(midOf(app, said), said.ts)),
      ...(starred ? { more: censored(app, said, cid) } : {}),
    })),
  };
}

function assertFits({ msg, binaryMsg, pushData }: DirectMessage): void {
  const bytes = Buffer.byteLength(msg ?? '') + (binaryMsg?.length ?? 0) + Buffer.byteLength(pushData ?? '');
  if (bytes > bytesMax)
    throw new ImError('too-large', `a message is at most ${bytesMax} bytes`, { what: 'content', max: bytesMax });
}

function draftOf({ live }: Actor, message: DirectMessage, priority: number | undefined): Draft {
  const { msg, binaryMsg, r, transient, pushData, dt, mentionAll = false, mentionPids = [] } = message;
  const push = pushWordsOf(pushData);
  return {
    ...(binaryMsg ? parseBinary(binaryMsg) : parseData(msg ?? '')),
    flags: (r ? messageFlags.receipt : 0) | (transient ? messageFlags.onlineOnly : 0),
    ...(mentionAll || mentionPids.length > 0
      ? { mentions: { all: mentionAll, who: mentionPids.slice(0, mentionsMax) } }
      : {}),
    ...(push === undefined ? {} : { push }),
    ...(priority === 1 || priority === 2 || priority === 3 ? { priority } : {}),
    ...(dt === undefined || dt === '' ? {} : { ref: refOf(live.device, dt) }),
  };
}

/** A client's own reference is its device's: another device may count the same way. */
function refOf(device: string, dt: string): string {
  const ref = `lc:${device}:${dt}`;
  return ref.length <= refCharsMax ? ref : `lc:${createHash('sha256').update(ref).digest('base64url')}`;
}
