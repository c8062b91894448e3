// Connections of the LeanCloud door: commands in, one after the other, and what each is answered.
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { reasons, socketAnswer } from '../errors.ts';
import { acts } from './acts.ts';
import { type Actor, type ChatParts, type Client, type Live, push, release, tell, unparseable } from './client.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { direct } from './direct.ts';
import { endLive } from './end.ts';
import type { Command } from './frames.ts';
import type { Accept } from './gateway.ts';
import { open } from './open.ts';
import { packet } from './packets.ts';

export const openChat =
  (parts: ChatParts): Accept =>
  (connection) =>
    new Chat(parts, connection);

class Chat implements ConnectionListener {
  readonly #parts: ChatParts;
  readonly #client: Client;

  constructor(parts: ChatParts, connection: Connection) {
    this.#parts = parts;
    this.#client = {
      connection,
      lives: new Map(),
      turn: Promise.resolve(),
      pending: 0,
      loggedIn: false,
      held: undefined,
    };
  }

  loggedIn(): boolean {
    return this.#client.loggedIn;
  }

  heard(command: Command): void {
    const client = this.#client;
    client.pending += 1;
    client.turn = client.turn.then(() => handle(this.#parts, client, command));
  }

  closed(): void {
    const client = this.#client;
    const { log } = this.#parts.core;
    client.turn = client.turn
      .then(async () => {
        for (const live of [...client.lives.values()]) await endLive(this.#parts, client, live, 'lost');
      })
      .catch((error) => log.error({ err: error }, 'a session could not be taken out'));
  }
}

/** Carries one command out and answers it; never rejects. */
async function handle(parts: ChatParts, client: Client, command: Command): Promise<void> {
  const settle = (): void => {
    client.pending -= 1;
  };
  if (command.cmd === 'direct')
    return say(parts, client, command)
      .catch(refuse(parts, client, command))
      .finally(settle);
  client.held = [];
  try {
    await perform(parts, client, command);
  } catch (error) {
    refuse(parts, client, command)(error);
  } finally {
    release(client);
    settle();
  }
}

async function perform(parts: ChatParts, client: Client, command: Command): Promise<void> {
  const { cmd, op, i, service } = command;
  switch (cmd) {
    case 'echo':
      return client.connection.send(packet(i === undefined ? { cmd } : { cmd, i }));
    // Live queries are another service: their login is taken so that their plugin stays content.
    case 'login':
      client.loggedIn = true;
      return client.connection.send(packet({ cmd: 'loggedin', i, service }));
    case 'logout':
      return client.connection.send(packet({ cmd: 'loggedout', i, service }));
    case 'data':
    case 'presence':
      return;
    case 'report':
      return tell(client, { cmd, op: 'uploaded' }, i, command.peerId);
    case 'session':
      if (op === 'open') return open(parts, client, command);
      break;
  }
  const live = liveOf(client, command);
  if (cmd === 'session' && op === 'close') {
    await endLive(parts, client, live, 'closed');
    return tell(client, { cmd, op: 'closed', sessionMessage: {} }, i, live.who);
  }
  const act = acts[`${cmd}/${op}`] ?? acts[`${cmd}`];
  if (!act) throw unparseable('this command is not known here');
  const answer = await act(await actorOf(parts, client, live, command), command);
  if (answer) tell(client, answer, i, live.who);
}

/** Whom a command is from: the client it names, else the first that is still open. */
function liveOf({ lives, pending }: Client, { peerId }: Command): Live {
  const [first] = lives.values();
  const live = peerId === undefined ? first : lives.get(peerId);
  if (!live) throw new ImError('unauthenticated', 'open a session first', { purpose: 'send' });
  if (pending > limits.saysPendingMax)
    throw new ImError('rate-limited', 'too many commands are waiting: slow down', { max: limits.saysPendingMax });
  return live;
}

async function actorOf({ core, hub, spend }: ChatParts, client: Client, live: Live, command: Command): Promise<Actor> {
  // Asked anew for each command: settings change, and an app may be gone, while a session lives.
  const app = await core.apps.byId(live.app.id);
  if (!app) throw new ImError('app-not-found', 'the app is gone', { purpose: 'send' });
  const { who, session, address } = live;
  spend(app, who, command);
  const speaker = { who, as: 'user', address } as const;
  const tellLater = (said: Command): void => push(client, packet({ service: 2, ...said }), who);
  const { revision } = client.connection;
  return { core, hub, app, live, who, speaker, revision, origin: { session: session.id }, tell: tellLater };
}

/** The turn is over when the message is in the store's queue; it is answered when it is durable. */
async function say(parts: ChatParts, client: Client, command: Command): Promise<void> {
  const live = liveOf(client, command);
  const { done } = await direct(await actorOf(parts, client, live, command), command);
  parts.metrics.messageIn('leancloud');
  done.then(
    ({ ack, more }) => {
      if (ack) tell(client, ack, command.i, live.who);
      if (more) tell(client, more, undefined, live.who);
    },
    refuse(parts, client, command),
  );
}

/** A refusal as the command's sender hears it; where nobody waits for an answer nothing is said. */
function refuse({ core, metrics }: ChatParts, client: Client, command: Command): (error: unknown) => void {
  return (error) => {
    const { cmd, i, peerId } = command;
    const { imCode, appCode, detail, ...answer } = socketAnswer(error);
    metrics.error('leancloud', imCode);
    if (imCode === 'internal') core.log.error({ err: error, area: 'leancloud' }, 'unexpected failure on a socket');
    const known = client.lives.size > 0;
    if (i !== undefined) tell(client, refusal(command, { ...answer, appCode, detail }), i, peerId);
    const entering = cmd === 'session' && command.op === 'open' && !known;
    if (entering && answer.code === 4100) client.connection.end('appNotAvailable');
    if (entering && answer.code === 4103) client.connection.end('invalidLogin');
    if (entering && answer.code === 4110) client.connection.end('invalidOrigin');
  };
}

type Refusal = { code: number; reason: string; appCode?: number; detail?: string };

function refusal({ cmd, directMessage }: Command, { code, reason, appCode, detail }: Refusal): Command {
  const hook = appCode === undefined ? {} : { appCode };
  if (cmd !== 'direct')
    return { cmd: 'error', errorMessage: { code, reason, ...hook, ...(detail === undefined ? {} : { detail }) } };
  // A conversation that is gone is told apart from one that ended.
  const words = code === 4404 ? { code: 4401, reason: reasons[4401] } : { code, reason };
  const appMsg = detail === undefined ? {} : { appMsg: detail };
  return { cmd: 'ack', ackMessage: { ...words, cid: directMessage?.cid, ...hook, ...appMsg } };
}
