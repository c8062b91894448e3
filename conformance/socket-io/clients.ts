// Socket.IO clients as their authors published them, from the year of the first MaxLeap SDK to today.
import { createRequire } from 'node:module';

export type Client = {
  connected: boolean;
  on(event: string, listener: (...args: unknown[]) => void): void;
  emit(event: string, ...args: unknown[]): void;
  disconnect(): void;
  close(): void;
  io: { engine: { transport: { name: string }; close(): void } };
};

export type Transports = readonly ('polling' | 'websocket')[];

type Connect = (url: string, options: object) => Client;

export type Version = {
  readonly name: string;
  /** Up to 2.x the query is given as MaxLeap's SDKs give it: one string, unencoded. */
  readonly stringQuery: boolean;
  readonly connect: Connect;
};

const require = createRequire(import.meta.url);

const load = (name: string, alias: string, stringQuery: boolean): Version => {
  const library = require(alias) as { connect?: Connect; io?: Connect };
  return { name, stringQuery, connect: (library.connect ?? library.io) as Connect };
};

export const versions: readonly Version[] = [
  load('1.3.7', 'sio-1.3.7', true),
  load('1.4.8', 'sio-1.4.8', true),
  load('1.7.4', 'sio-1.7.4', true),
  load('2.x', 'sio-2', true),
  load('3.x', 'sio-3', false),
  load('4.x', 'sio-4', false),
];

/** A client of its own connection, which reconnects quickly. */
export function connect(version: Version, origin: string, auth: object, transports: Transports): Client {
  const text = JSON.stringify(auth);
  return version.connect(`${origin}/chat`, {
    transports: [...transports],
    query: version.stringQuery ? `auth=${text}` : { auth: text },
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
  });
}
