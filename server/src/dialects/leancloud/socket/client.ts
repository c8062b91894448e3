// One connection and the sessions that are open on it, and who acts in a command.
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import type { Origin } from '../../../core/events.ts';
import type { PrincipalKey } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import type { Speaker } from '../../../core/messages/speak.ts';
import type { Hub } from '../../../realtime/hub.ts';
import type { Door, Session } from '../../../realtime/session.ts';
import type { Spend } from './budgets.ts';
import type { Connection } from './connection.ts';
import type { IdKeys } from './encode.ts';
import type { Command, DirectMessage } from './frames.ts';
import { type Packet, packet } from './packets.ts';
import type { Said } from './said.ts';

export type ChatMetrics = {
  messageIn(door: 'leancloud'): void;
  error(door: 'leancloud', code: string): void;
};

/** Everything chat stands on. */
export type ChatParts = {
  readonly core: Core;
  readonly hub: Hub;
  readonly metrics: ChatMetrics;
  readonly door: Door<Said>;
  readonly idKeys: IdKeys;
  readonly spend: Spend;
};

/** One client that is logged in on a connection. */
export type Live = {
  readonly app: App;
  readonly who: PrincipalKey;
  readonly session: Session<Said>;
  readonly tag: string;
  readonly device: string;
  /** Where it is. */
  readonly address: string;
  /** It came back with its token. */
  readonly again: boolean;
  /** What it understands (said.ts). */
  readonly bits: number;
  /**
   * While it opens: conversations that it has just been told of, up to which `ts`. What is live and older is not told again.
   */
  shown: ReadonlyMap<number, number> | undefined;
  /** What is said for it when its connection is lost. */
  will?: DirectMessage;
};

export type Client = {
  readonly connection: Connection;
  /** By client id, the oldest first: that one is meant where a command names nobody. */
  readonly lives: Map<string, Live>;
  /** One command after the other; messages do not wait for each other's commit. */
  turn: Promise<void>;
  pending: number;
  /** A session, or a login for live queries, was opened on it at some time. */
  loggedIn: boolean;
  /** While a command is carried out its answer goes first: what others are told meanwhile waits. */
  held: { readonly packet: Packet; readonly peerId: string }[] | undefined;
};

export type Actor = {
  readonly core: Core;
  readonly hub: Hub;
  readonly app: App;
  readonly live: Live;
  readonly who: PrincipalKey;
  readonly speaker: Speaker;
  readonly origin: Origin;
  readonly revision: 1 | 3;
  /** Tells the client something behind the answer that is being made. */
  readonly tell: (command: Command) => void;
};

/** Carries a command out; the answer, without what every answer has. Throws what the answer then says. */
export type Act = (actor: Actor, command: Command) => Promise<Command | undefined>;

/** Pushes to one client of the connection, behind the answer that is being made. */
export function push({ connection, held }: Client, one: Packet, peerId: string): void {
  if (!held) connection.send(one, peerId);
  else if (held.length < limits.heldEventsMax) held.push({ packet: one, peerId });
  else connection.end('slow');
}

export function release(client: Client): void {
  const { held } = client;
  client.held = undefined;
  for (const one of held ?? []) client.connection.send(one.packet, one.peerId);
}

/** At once: an answer, or a push that nothing may overtake. */
export function tell({ connection }: Client, command: Command, i: number | undefined, peerId?: string): void {
  connection.send(packet({ ...(i === undefined ? {} : { i }), service: 2, ...command }), peerId);
}

export const unparseable = (message: string): ImError => new ImError('unsupported', message);

/** A text that a command must carry. Throws `unsupported`: a command without it is none. */
export function need<T>(value: T | undefined, what: string): T {
  if (value === undefined || value === '') throw unparseable(`${what} is missing`);
  return value;
}
