// One connection's life in the Socket.IO protocol: namespaces joined and left, events heard on /chat.
import type { Log } from '../../../core/ports/log.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { newId } from './engine-io.ts';
import type { Sweep, Swept } from './heartbeat.ts';
import {
  chatNamespace,
  disconnectPacket,
  type EventPacket,
  hear,
  refusalPacket,
  replyPacket,
  rootNamespace,
  welcomePacket,
} from './packets.ts';

/** A client that has joined /chat. */
export interface ChatSocket {
  /** Unique and unguessable; not the transport's id. */
  readonly id: string;
  /** The handshake's query as it came on the wire, without the `?`. */
  readonly rawQuery: string;
  readonly remoteAddress: string;
  readonly connection: Connection;
  /** Queued, and written at the end of this turn of the event loop. A client that leaves too much unread is closed. */
  send(packet: EventPacket): void;
  /** Calls the callback that the client gave with its event. */
  reply(ackId: number, value: unknown): void;
  /** Stay away: the namespace's disconnect packet, then the transport is closed. */
  disconnect(): void;
  /** Come again: the transport is closed without that packet, and clients reconnect. */
  drop(reason: string): void;
}

export type ChatHandlers = {
  opened(socket: ChatSocket): void;
  event(socket: ChatSocket, name: string, args: unknown[], ackId: number | undefined): void;
  /** Exactly once per opened, never from within a call to the socket. */
  closed(socket: ChatSocket, reason: string): void;
};

export type PeerOptions = {
  readonly handlers: ChatHandlers;
  readonly log: Log;
  readonly joinTimeoutMs: number;
  readonly sweep: Sweep;
};

class JoinedChat implements ChatSocket {
  readonly id: string = newId();
  readonly connection: Connection;
  #left = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  get rawQuery(): string {
    return this.connection.rawQuery;
  }

  get remoteAddress(): string {
    return this.connection.remoteAddress;
  }

  send(packet: EventPacket): void {
    if (!this.#left) this.connection.send(packet);
  }

  reply(ackId: number, value: unknown): void {
    if (!this.#left) this.connection.send(replyPacket(ackId, value));
  }

  disconnect(): void {
    if (this.#left) return;
    this.connection.send(disconnectPacket);
    this.connection.end('disconnected by the server');
  }

  drop(reason: string): void {
    if (!this.#left) this.connection.end(reason);
  }

  leave(): void {
    this.#left = true;
  }
}

export class Peer implements ConnectionListener, Swept {
  readonly #connection: Connection;
  readonly #options: PeerOptions;
  #chat: JoinedChat | undefined;
  #inRoot: boolean;
  #joinByMs = 0;

  constructor(connection: Connection, options: PeerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#inRoot = connection.revision === 3;
    if (this.#inRoot) connection.send(welcomePacket(3, rootNamespace, ''));
    this.#expectJoin();
  }

  heard(text: string): void {
    const packet = hear(text);
    if (packet === undefined) {
      this.#connection.end('malformed packet');
    } else if (packet.type === 'event') {
      if (this.#chat === undefined || packet.namespace !== chatNamespace) return;
      this.#tell('event', this.#chat, packet.name, packet.args, packet.ackId);
    } else if (packet.type === 'connect') {
      this.#onConnect(packet.namespace);
    } else if (packet.type === 'disconnect' && packet.namespace === chatNamespace && this.#chat !== undefined) {
      this.#leave('left by the client');
      this.#expectJoin();
    }
  }

  closed(reason: string): void {
    this.#options.sweep.delete(this);
    this.#leave(reason);
  }

  sweep(nowMs: number): void {
    if (nowMs > this.#joinByMs) this.#connection.end('did not join in time');
  }

  #expectJoin(): void {
    this.#joinByMs = performance.now() + this.#options.joinTimeoutMs;
    this.#options.sweep.add(this);
  }

  #onConnect(namespace: string): void {
    const connection = this.#connection;
    if (namespace === rootNamespace) {
      if (!this.#inRoot) connection.send(welcomePacket(connection.revision, namespace, newId()));
      this.#inRoot = true;
    } else if (namespace !== chatNamespace) {
      connection.send(refusalPacket(connection.revision, namespace));
    } else if (this.#chat === undefined) {
      const chat = new JoinedChat(connection);
      this.#chat = chat;
      this.#options.sweep.delete(this);
      connection.send(welcomePacket(connection.revision, namespace, chat.id));
      this.#tell('opened', chat);
    }
  }

  #leave(reason: string): void {
    const chat = this.#chat;
    if (chat === undefined) return;
    this.#chat = undefined;
    chat.leave();
    this.#tell('closed', chat, reason);
  }

  /** A fault behind the door must not take the other connections with it. */
  #tell<K extends keyof ChatHandlers>(what: K, ...told: Parameters<ChatHandlers[K]>): void {
    try {
      (this.#options.handlers[what] as (...args: Parameters<ChatHandlers[K]>) => void)(...told);
    } catch (cause) {
      this.#options.log.error({ err: cause, socket: told[0].id, handler: what }, 'a chat handler failed');
    }
  }
}
