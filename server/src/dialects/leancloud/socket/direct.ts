// `direct`: what a client says.
import { createHash } from 'node:crypto';
import { ImError } from '../../../core/errors.ts';
import { isJsonObject, type Json } from '../../../core/json.ts';
import { type Draft, messageFlags, type PushWords } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { type Sent, stageMessage } from '../../../core/messages/send.ts';
import { sendUpstream } from '../../../core/services/upstream.ts';
import { parseJson } from '../../../http/json.ts';
import { parseBinary, parseData } from '../wire.ts';
import { type Actor, need } from './client.ts';
import type { Command, DirectMessage } from './frames.ts';
import { socketPolicy } from './policy.ts';

const bytesMax = 5120;
const mentionsMax = 20;
const refCharsMax = 200;

export async function direct(actor: Actor, command: Command): Promise<{ done: Promise<Command | undefined> }> {
  const message = command.directMessage ?? {};
  const cid = need(message.cid, 'cid');
  assertFits(message);
  const { core, app, speaker, origin, live } = actor;
  const ack = (uid: string, t: number): Command => ({ cmd: 'ack', ackMessage: { cid, uid, t } });
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
  return { done: done.then(({ message: said }: Sent) => ack(midOf(app, said), said.ts)) };
}

function assertFits({ msg, binaryMsg, pushData }: DirectMessage): void {
  const bytes = Buffer.byteLength(msg ?? '') + (binaryMsg?.length ?? 0) + Buffer.byteLength(pushData ?? '');
  if (bytes > bytesMax)
    throw new ImError('too-large', `a message is at most ${bytesMax} bytes`, { what: 'content', max: bytesMax });
}

function draftOf({ live }: Actor, message: DirectMessage, priority: number | undefined): Draft {
  const { msg, binaryMsg, r, transient, pushData, dt, mentionAll = false, mentionPids = [] } = message;
  const push = pushWords(pushData);
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

/** What the absent are told, from the JSON that goes with a message; what is no object says nothing. */
export function pushWords(text: string | undefined): PushWords | undefined {
  const json = text === undefined || text === '' ? undefined : tryJson(text);
  if (!isJsonObject(json)) return undefined;
  const { alert, sound, badge, 'content-available': available } = json;
  const words = isJsonObject(alert) ? (alert.body ?? alert.title) : alert;
  return {
    ...(typeof words === 'string' ? { overwrite: words } : {}),
    ...(typeof sound === 'string' ? { sound } : {}),
    ...(typeof badge === 'number' && Number.isSafeInteger(badge) ? { badge } : {}),
    ...(available === 1 || available === true ? { contentAvailable: true } : {}),
  };
}

function tryJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
