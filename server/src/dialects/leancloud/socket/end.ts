// How a session ends: by its client, by the server, or with its connection.
import { ImError } from '../../../core/errors.ts';
import { messageFlags } from '../../../core/messages/message.ts';
import { sendMessage } from '../../../core/messages/send.ts';
import type { SessionEnd, SessionFacts } from '../../../core/ports/hooks.ts';
import { leavePresence } from '../../../core/presence/come-and-go.ts';
import type { SessionEndReason } from '../../../realtime/session.ts';
import { reasons, type SocketCode } from '../errors.ts';
import { parseBinary, parseData } from '../wire.ts';
import { type ChatParts, type Client, type Live, tell } from './client.ts';
import { closeCodes } from './connection.ts';
import { socketPolicy } from './policy.ts';
import { keepSeat } from './seats.ts';

const codes: Record<Exclude<SessionEndReason, 'slow'>, SocketCode> = {
  'too-many': 4115,
  'app-removed': 4100,
  'key-revoked': 4112,
  replaced: 4111,
  kicked: 4115,
  disabled: 4106,
  erased: 4115,
  password: 4115,
};

/** The server ends it. The connection stays for the other clients on it. */
export function sessionEnded(
  parts: ChatParts,
  client: Client,
  live: Live,
  why: SessionEndReason,
  reason: string | undefined,
): void {
  if (why === 'slow') {
    client.connection.end('slow');
    return;
  }
  const code = codes[why];
  const sessionMessage = { code, reason: why === 'kicked' && reason ? reason : reasons[code] };
  if (client.lives.get(live.who) === live) {
    client.lives.delete(live.who);
    tell(client, { cmd: 'session', op: 'closed', sessionMessage }, undefined, live.who);
  }
  takeOut(parts, live, endOf(why, code, reason)).catch((error) =>
    parts.core.log.error({ err: error }, 'a session could not be taken out'),
  );
}

/** Its client ends it, or opens another in its place. */
export async function endLive(
  parts: ChatParts,
  client: Client,
  live: Live,
  how: 'closed' | 'replaced' | 'lost',
): Promise<void> {
  if (client.lives.get(live.who) === live) client.lives.delete(live.who);
  live.session.closed();
  parts.hub.remove(live.session);
  if (how !== 'replaced') await keepSeat(parts.core, live, how === 'lost' ? 'lost' : 'left');
  if (how === 'closed' && live.tag !== '') await giveTag(parts, live);
  await leave(parts, live, how === 'lost' ? lostOf(client) : { how: 'closed' });
  if (how === 'lost') await sayWill(parts, live);
}

async function takeOut(parts: ChatParts, live: Live, end: SessionEnd): Promise<void> {
  parts.hub.remove(live.session);
  await keepSeat(parts.core, live, 'left');
  await leave(parts, live, end);
}

async function leave({ core }: ChatParts, live: Live, end: SessionEnd): Promise<void> {
  const { app, who, session } = live;
  await leavePresence(core, app, who, session.id, factsOf(live), end);
}

/** As an application's hooks hear of it. */
export const factsOf = ({ address, tag, again }: Live): SessionFacts => ({
  address,
  again,
  ...(tag === '' ? {} : { tag }),
});

function endOf(why: Exclude<SessionEndReason, 'slow'>, code: SocketCode, reason: string | undefined): SessionEnd {
  if (why === 'replaced') return { how: 'replaced' };
  return { how: 'sent-away', reason: reason || reasons[code] };
}

/** With what the connection was closed for, where we closed it. */
function lostOf({ connection: { closedFor } }: Client): SessionEnd {
  if (closedFor === undefined || closedFor === 'goingAway') return { how: 'lost' };
  const [code, reason] = closeCodes[closedFor];
  return { how: 'lost', error: { code, reason } };
}

const giveTag = ({ core }: ChatParts, { app, who, tag, device }: Live): Promise<void> =>
  core.store.devices.giveTag(app.no, who, tag, device);

/** Heard by who is there, kept nowhere. */
async function sayWill({ core }: ChatParts, { app, who, will }: Live): Promise<void> {
  if (!will) return;
  const { cid = '', msg, binaryMsg, mentionAll = false, mentionPids = [] } = will;
  const draft = {
    ...(binaryMsg ? parseBinary(binaryMsg) : parseData(msg ?? '')),
    flags: messageFlags.onlineOnly,
    ...(mentionAll || mentionPids.length > 0 ? { mentions: { all: mentionAll, who: mentionPids } } : {}),
  };
  try {
    await sendMessage(core, app, { who, as: 'user' }, { kind: 'conversation', id: cid }, draft, socketPolicy(app));
  } catch (error) {
    // He has left the conversation, or may not speak there any more.
    if (!(error instanceof ImError)) throw error;
  }
}
