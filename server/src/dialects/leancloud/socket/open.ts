// `session/open`: somebody logs in on a connection.
import type { App } from '../../../core/apps/app.ts';
import { ImError } from '../../../core/errors.ts';
import { hexId, isPassenger } from '../../../core/ids.ts';
import { conversationTopic } from '../../../core/ports/bus.ts';
import { enterPresence } from '../../../core/presence/come-and-go.ts';
import { endSessions } from '../../../core/presence/end-sessions.ts';
import { assertEnabled } from '../../../core/users/assert-enabled.ts';
import { Session } from '../../../realtime/session.ts';
import { reasons } from '../errors.ts';
import { assertSigned, signedTexts } from '../signature.ts';
import { catchUp } from './catch-up.ts';
import { type ChatParts, type Client, type Live, push, tell } from './client.ts';
import { endLive, factsOf, sessionEnded } from './end.ts';
import type { Command, SessionMessage } from './frames.ts';
import { lookUp } from './look.ts';
import { packet } from './packets.ts';
import type { Said } from './said.ts';
import { backToSeat } from './seats.ts';
import { issueToken, readToken, tokenSeconds } from './tokens.ts';

const clientCharsMax = 64;
const namedAsNobody = ['', 'default'];

type Entry = {
  readonly app: App;
  readonly who: string;
  readonly tag: string;
  readonly device: string;
  readonly again: boolean;
};

/** Answers, tells what was missed, and lets live events follow. Throws `app-not-found` and what a login may be refused for. */
export async function open(parts: ChatParts, client: Client, command: Command): Promise<void> {
  const { core } = parts;
  const { i } = command;
  const entry = await admitted(parts, client, command);
  const { app, who, tag, device, again } = entry;
  const holder = tag === '' ? undefined : await core.store.devices.tagHolder(app.no, who, tag);
  if (again && holder !== undefined && holder !== device) {
    const { 4111: reason } = reasons;
    return tell(client, { cmd: 'session', op: 'closed', sessionMessage: { code: 4111, reason } }, i, who);
  }
  await core.store.users.login(app.no, who, core.clock.now());
  await assertEnabled(core, app, who);
  const before = client.lives.get(who);
  if (before) await endLive(parts, client, before, 'replaced');
  if (tag !== '' && holder !== device) await core.store.devices.takeTag(app.no, who, tag, device, core.clock.now());
  if (tag !== '' && !again) endSessions(core, app, who, 'replaced', { tagged: { tag, device } });
  try {
    await enter(parts, client, command, entry);
  } catch (error) {
    const half = client.lives.get(who);
    if (half) await endLive(parts, client, half, 'closed');
    throw error;
  }
}

async function admitted({ core }: ChatParts, { connection }: Client, command: Command): Promise<Entry> {
  const { appId = '', peerId = hexId(32), sessionMessage: said = {} } = command;
  const app = await core.apps.byId(appId);
  if (!app) throw new ImError('app-not-found', 'there is no such app', { purpose: 'login' });
  const { webOrigin } = connection;
  const origins = app.settings['leancloud.webOrigins'];
  if (webOrigin !== undefined && origins.length > 0 && !origins.includes(webOrigin))
    throw new ImError('forbidden', 'pages of this origin may not log in', { purpose: 'login', what: 'origin' });
  if (peerId === '' || peerId.length > clientCharsMax || isPassenger(peerId))
    throw new ImError('invalid-argument', 'this is no client id', { what: 'client', why: 'syntax' });
  const now = core.clock.now();
  const token = said.st === undefined || said.st === '' ? undefined : readToken(app, said.st, now);
  const sentAwayAt = await core.store.users.sentAwayAt(app.no, peerId);
  if (said.st && (token?.client !== peerId || token.issuedAt <= sentAwayAt))
    throw new ImError('session-expired', 'the session token is not valid');
  if (!token && app.settings['leancloud.loginSignature'])
    assertSigned('login', app, signatureOf(said), signedTexts.login(app.id, peerId), now, sentAwayAt);
  const tag = token?.tag ?? (said.r ? '' : (said.tag ?? ''));
  const device = token?.device ?? said.deviceId ?? said.deviceToken ?? command.installationId ?? hexId(32);
  return { app, who: peerId, tag: namedAsNobody.includes(tag) ? '' : tag, device, again: said.r === true };
}

export const signatureOf = ({ t, n, s }: Pick<SessionMessage, 't' | 'n' | 's'>) => ({
  timestamp: t,
  nonce: n,
  signature: s,
});

/** Listen first, read second, then answer: in that order nothing falls between. */
async function enter(parts: ChatParts, client: Client, command: Command, entry: Entry): Promise<void> {
  const { core, hub } = parts;
  const { app, who, tag, device, again } = entry;
  const { sessionMessage: said = {}, i } = command;
  parts.idKeys.set(app.no, app.idKey);
  const since = core.clock.now();
  const live = makeLive(parts, client, entry, said.configBitmap ?? 0);
  client.lives.set(who, live);
  client.loggedIn = true;
  await hub.add(live.session);
  const numbers = await core.store.conversations.numbersOf(app.no, who);
  await Promise.all(numbers.map((no) => hub.listen(live.session, conversationTopic(app.no, no))));
  await enterPresence(core, app, who, live.session.id, false, factsOf(live));
  if (again) await backToSeat(parts, live);
  const missed = await catchUp(core, app, live, {
    patches: said.lastPatchTime,
    unread: said.lastUnreadNotifTime,
    revision: client.connection.revision,
  });
  // It may have been ended while it was opening.
  if (client.lives.get(who) !== live) return;
  const st = issueToken(app, { client: who, tag, device, issuedAt: since });
  const opened: Command = {
    cmd: 'session',
    op: 'opened',
    serverTs: since,
    sessionMessage: { st, stTtl: tokenSeconds },
  };
  tell(client, opened, i, who);
  for (const one of missed.commands) tell(client, one, undefined, who);
  live.shown = new Map(missed.shown);
  live.session.open();
  live.shown = undefined;
}

function makeLive(parts: ChatParts, client: Client, { app, who, tag, device, again }: Entry, known: number): Live {
  const { door } = parts;
  const live: Live = {
    app,
    who,
    tag,
    device,
    again,
    address: client.connection.remoteAddress,
    bits: known,
    shown: undefined,
    session: new Session<Said>({
      app: app.no,
      who,
      door,
      tagged: tag === '' ? undefined : { tag, device },
      to: { send: (said) => write(parts, client, live, said) },
      end: (why, reason) => sessionEnded(parts, client, live, why, reason),
    }),
  };
  return live;
}

/** Queues what an event is to this session. */
function write(parts: ChatParts, client: Client, live: Live, said: Said): void {
  const { needs = 0, at, after, unlessFuller } = said;
  if ((live.bits & needs) !== needs) return;
  if (at && at.ts <= (live.shown?.get(at.conversation) ?? 0)) return;
  if (unlessFuller !== undefined && client.connection.fullness > unlessFuller) return;
  if (!after) writeNow(parts, client, live, said);
  after?.then(
    () => writeNow(parts, client, live, said),
    (error) => parts.core.log.error({ err: error }, 'a client could not be told'),
  );
}

function writeNow({ core }: ChatParts, client: Client, live: Live, { packets, look }: Said): void {
  if (client.lives.get(live.who) !== live) return;
  for (const one of packets) push(client, one, live.who);
  if (!look) return;
  lookUp(core, { ...live, revision: client.connection.revision }, look).then(
    (commands) => {
      if (client.lives.get(live.who) !== live) return;
      for (const command of commands) push(client, packet({ service: 2, ...command }), live.who);
    },
    (error) => core.log.error({ err: error }, 'a client could not be told of what was read'),
  );
}
