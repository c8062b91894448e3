// The wire of MaxIM-JavaScript 4.2, which npm does not have: its headers, its bodies (axios sends the JSON type with no
// bytes where there is nothing to say), and its socket through the same socket.io-client 1.4.8.
import type { ChildServer } from '../../server/test/kit/child.ts';
import { eventually } from '../../server/test/kit/eventually.ts';
import { type Client, connect, versions } from '../socket-io/clients.ts';
import type { Untyped } from './sdk.ts';
import { type Answer, appA, signOf } from './server.ts';

/** `POST /groups` and so on, as the 4.x SDK sends it. */
export async function request(server: ChildServer, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(server.base + path, {
    method,
    headers: { 'x-ml-appid': appA.id, 'x-ml-apikey': appA.clientKey, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

export type V4Client = {
  readonly id: string;
  readonly login: Untyped;
  /** Arguments of each event, by its name. */
  readonly heard: Readonly<Record<string, Untyped[]>>;
  /** As `session.say(…).ok()` does: an object, no callback. */
  say(value: unknown): void;
  close(): void;
};

const events = ['message', 'yourself', 'ack', 'sys', 'online', 'offline', 'online_x', 'offline_x'];
const version = versions.find(({ name }) => name === '1.4.8');

/** Connects as `login().ok()` and `passenger().ok()` do, and waits for `login`. */
export async function enterV4(server: ChildServer, auth: object): Promise<V4Client> {
  if (!version) throw new Error('no socket.io-client 1.4.8');
  const signed = { ...auth, app: appA.id, sign: signOf(appA.clientKey) };
  const socket: Client = connect(version, server.base, signed, ['websocket']);
  const heard: Record<string, Untyped[]> = {};
  for (const event of events) {
    const list: Untyped[] = [];
    heard[event] = list;
    socket.on(event, (argument) => list.push(argument));
  }
  let login: Untyped;
  socket.on('login', (result) => {
    login = result;
  });
  await eventually('login', () => login !== undefined);
  return {
    id: login.id,
    login,
    heard,
    say: (value) => socket.emit('say', value),
    close: () => socket.disconnect(),
  };
}
