// What the Socket.IO layer needs of a transport: our own WebSocket engine and the polling engine both offer it.
import type { EngineRevision, EventPacket } from './packets.ts';

export interface Connection {
  readonly revision: EngineRevision;
  /** The handshake's query as it came on the wire, without the `?`. */
  readonly rawQuery: string;
  readonly remoteAddress: string;
  /** Queues one packet. After the connection ended it does nothing. */
  send(packet: EventPacket): void;
  /** Writes what is queued, then closes in good order. */
  end(reason: string): void;
  /** Closes at once; what is queued is lost. */
  terminate(reason: string): void;
}

export type ConnectionListener = {
  /** The text of one Engine.IO message. */
  heard(text: string): void;
  /** Exactly once, never from within a call to the connection. Nothing is heard afterwards. */
  closed(reason: string): void;
};

/** Told of every connection that completed its Engine.IO handshake. */
export type Accept = (connection: Connection) => ConnectionListener;
