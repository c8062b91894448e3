// The life of one client on /chat: log in, listen, speak, leave.
import { openTypingPace, type TypingPace } from '../../../core/conversations/typing.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { conversationTopic } from '../../../core/ports/bus.ts';
import { enterPresence, leavePresence } from '../../../core/presence/come-and-go.ts';
import type { Hub } from '../../../realtime/hub.ts';
import { Session, type SessionEndReason } from '../../../realtime/session.ts';
import { vendorError } from '../errors.ts';
import { read, typing } from './activity.ts';
import { type Act, speakerOf } from './actor.ts';
import { edit, recall } from './change.ts';
import { maxleapDoor } from './encode.ts';
import type { ChatHandlers, ChatSocket } from './gateway.ts';
import { type Login, logIn } from './login.ts';
import { type EventPacket, eventPacket } from './packets.ts';
import { say } from './say.ts';
import type { heardEvents } from './schemas.ts';

export type ChatMetrics = {
  messageIn(door: 'maxleap'): void;
  error(door: 'maxleap', code: string): void;
};

/** Everything chat stands on. */
export type ChatParts = { readonly core: Core; readonly hub: Hub; readonly metrics: ChatMetrics };

type Live = { readonly login: Login; readonly session: Session<EventPacket>; readonly typing: TypingPace };

type Client = {
  readonly socket: ChatSocket;
  /** Absent until the login succeeded. */
  live?: Live;
  /** One thing after the other: login, messages in the order they were said (without waiting for each commit), leaving. */
  turn: Promise<void>;
  /** Messages that wait for their turn or their commit. */
  pending: number;
};

/** Events that a client may send: MaxLeap's own is `say`, the others are extensions. */
const acts = new Map<string, Act>(
  Object.entries({ say, typing, read, edit, recall } satisfies Record<keyof typeof heardEvents, Act>),
);

export function openChat(parts: ChatParts): ChatHandlers {
  const clients = new Map<string, Client>();
  const fail = failureWords(parts);

  return {
    opened(socket) {
      const client: Client = { socket, turn: Promise.resolve(), pending: 0 };
      clients.set(socket.id, client);
      client.turn = enter(parts, client).catch((error) => {
        socket.send(eventPacket('login', fail(error)));
        // Too busy: come again. All others hear the namespace's disconnect packet: a bare close would make old SDKs come
        // back for ever.
        if (error instanceof ImError && error.code === 'unavailable') socket.drop('unavailable');
        else socket.disconnect();
      });
    },

    event(socket, name, args, ackId) {
      const client = clients.get(socket.id);
      const act = acts.get(name);
      if (!client || !act) return;
      const settle = (answer: unknown): void => {
        client.pending -= 1;
        if (ackId !== undefined) socket.reply(ackId, answer);
      };
      client.pending += 1;
      const failed = (error: unknown): void => settle(fail(error));
      client.turn = perform(parts, client, act, args[0]).then(({ done }) => void done.then(settle, failed), failed);
    },

    closed(socket) {
      const client = clients.get(socket.id);
      if (!client) return;
      clients.delete(socket.id);
      client.live?.session.closed();
      client.turn = client.turn
        .then(() => leave(parts, client))
        .catch((error) => parts.core.log.error({ err: error }, 'a session could not be taken out'));
    },
  };
}

/** Subscribe first, read second, greet third: in that order nothing falls between. */
async function enter({ core, hub }: ChatParts, client: Client): Promise<void> {
  const { socket } = client;
  const login = await logIn(core, socket);
  const { app, who, id, notifyAll, ext } = login;
  // What is said from this moment on is heard, or is newer than this.
  const since = core.clock.now();
  const session: Session<EventPacket> = new Session({
    app: app.no,
    who,
    door: maxleapDoor,
    ext,
    to: socket.connection,
    end: (why) => endSocket(socket, why),
  });
  client.live = { login, session, typing: openTypingPace(core.clock) };
  await hub.add(session);
  const numbers = await core.store.conversations.numbersOf(app.no, who);
  await Promise.all(numbers.map((no) => hub.listen(session, conversationTopic(app.no, no))));
  // A session that there is none of is not written.
  socket.send(eventPacket('login', { success: true, id, ...(ext ? { ts: since, session: login.session } : {}) }));
  session.open();
  await enterPresence(core, app, who, session.id, notifyAll);
}

async function leave({ core, hub }: ChatParts, { live }: Client): Promise<void> {
  if (!live) return;
  hub.remove(live.session);
  await leavePresence(core, live.login.app, live.login.who, live.session.id);
}

/**
 * A slow reader shall come back and catch up; after a key was taken away, who has a good one gets in again and the others
 * hear a proper refusal. Everybody else shall stay away.
 */
function endSocket(socket: ChatSocket, why: SessionEndReason): void {
  if (why === 'slow' || why === 'key-revoked') socket.drop(why);
  else socket.disconnect();
}

/** Begins when what the client did before has had its turn. */
async function perform({ core, metrics }: ChatParts, client: Client, act: Act, argument: unknown): ReturnType<Act> {
  await client.turn;
  const { live, socket } = client;
  if (!live) throw new ImError('unauthenticated', 'log in first', { purpose: 'send' });
  if (client.pending > limits.saysPendingMax) {
    throw new ImError('rate-limited', `more than ${limits.saysPendingMax} messages are waiting: slow down`, {
      max: limits.saysPendingMax,
    });
  }
  const { login, session, typing } = live;
  // Asked anew for each message: settings change, and an app may be gone, while a session lives.
  const app = await core.apps.byId(login.app.id);
  if (!app) throw new ImError('app-not-found', 'the app is gone', { purpose: 'send' });
  const tell = (name: string, value: unknown) => socket.send(eventPacket(name, value));
  const actor = {
    core,
    app,
    speaker: speakerOf(login.who),
    origin: { session: session.id },
    ext: login.ext,
    typing,
    tell,
  };
  const acting = await act(actor, argument);
  if (act === say) metrics.messageIn('maxleap');
  return acting;
}

/** An error as login results and callbacks say it; unexpected ones are logged and tell nothing. */
function failureWords({
  core,
  metrics,
}: ChatParts): (error: unknown) => { success: false; error: number; errorMessage: string } {
  const log = core.log.child({ area: 'maxleap' });
  return (error) => {
    const { code, errorCode, errorMessage } = vendorError(error);
    metrics.error('maxleap', code);
    if (code === 'internal') log.error({ err: error }, 'unexpected failure on a socket');
    return { success: false, error: errorCode, errorMessage };
  };
}
