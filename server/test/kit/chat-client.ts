// A client of /chat that does nothing by itself but answer pings: bare frames of Engine.IO 3 or 4 over a WebSocket, so
// that a test sees exactly what the server said, and can say what no library would.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eventually, within } from './eventually.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes off the wire is checked by the test that reads it
export type FromWire = any;

export type ChatEvent = { readonly name: string; readonly argument: FromWire };

export type ChatClient = {
  /** The answer to the handshake. */
  readonly login: FromWire;
  /** Everything heard after the login, in order. */
  readonly events: readonly ChatEvent[];
  /** Raw packets of every kind, in order. */
  readonly packets: readonly string[];
  /** Arguments of all events of this name so far. */
  heard(name: string): FromWire[];
  /** The next event of this name (and for which `match` holds) that no earlier call has taken. */
  next(name: string, match?: (argument: FromWire) => boolean): Promise<FromWire>;
  /** Resolves when this many events of the name have come. */
  count(name: string, n: number): Promise<FromWire[]>;
  /** As an object. A text goes as a JSON text, the older clients' form. */
  say(value: unknown): void;
  /** `say` with a Socket.IO callback: resolves with its argument. */
  sayAndWait(value: unknown): Promise<FromWire>;
  /** Any event with a callback: resolves with its argument. */
  ask(name: string, value: unknown): Promise<FromWire>;
  /** A WebSocket text frame as it is. */
  sendRaw(text: string): void;
  /** Resolves once the connection is closed, by whomever. */
  readonly closed: Promise<void>;
  readonly isOpen: boolean;
  /** Called after each event that comes from now on. */
  onEvent: (() => void) | undefined;
  close(): Promise<void>;
  /** Without a closing handshake, as when the network breaks. */
  terminate(): void;
};

export type ConnectOptions = {
  readonly eio?: 3 | 4;
  /** The whole handshake query before `&EIO=`, as it is; instead of `auth`. */
  readonly rawQuery?: string;
  /** Stay on the transport: join no namespace, wait for no login. */
  readonly join?: boolean;
};

/** Connects, joins /chat and waits for `login`, whatever it says. */
export async function connectChat(url: string, auth: unknown, options: ConnectOptions = {}): Promise<ChatClient> {
  const { eio = 3, join = true } = options;
  const query =
    options.rawQuery ?? `auth=${encodeURIComponent(typeof auth === 'string' ? auth : JSON.stringify(auth))}`;
  const address = `${url.replace(/^http/, 'ws')}/socket.io/?${query ? `${query}&` : ''}EIO=${eio}&transport=websocket`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  const client = new Client(socket, eio, join);
  await within('the connection opens', once(socket, 'open'));
  if (join) await eventually('login arrives', () => client.login !== undefined || !client.isOpen);
  return client;
}

class Client implements ChatClient {
  login: FromWire;
  readonly events: ChatEvent[] = [];
  readonly packets: string[] = [];
  readonly closed: Promise<void>;
  onEvent: (() => void) | undefined;
  readonly #socket: WebSocket;
  readonly #taken = new Set<ChatEvent>();
  readonly #waiting = new Map<number, (value: FromWire) => void>();
  #ackId = 0;

  constructor(socket: WebSocket, eio: 3 | 4, join: boolean) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('message', (data) => this.#read(data.toString(), eio, join));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  #read(packet: string, eio: 3 | 4, join: boolean): void {
    this.packets.push(packet);
    if (packet === '2') this.sendRaw('3');
    if (packet.startsWith('0') && join) this.sendRaw(eio === 3 ? '40/chat' : '40/chat,');
    const event = /^42\/chat,(\[.*\])$/s.exec(packet);
    if (event) {
      const [name, argument] = JSON.parse(event[1] as string);
      if (name === 'login' && this.login === undefined) this.login = argument;
      else this.events.push({ name, argument });
      this.onEvent?.();
    }
    const answer = /^43\/chat,(\d+)(\[.*\])$/s.exec(packet);
    if (answer) {
      this.#waiting.get(Number(answer[1]))?.(JSON.parse(answer[2] as string)[0]);
      this.#waiting.delete(Number(answer[1]));
    }
  }

  heard(name: string): FromWire[] {
    return this.events.filter((event) => event.name === name).map((event) => event.argument);
  }

  async next(name: string, match: (argument: FromWire) => boolean = () => true): Promise<FromWire> {
    const found = await eventually(`the event ${name}`, () =>
      this.events.find((event) => event.name === name && !this.#taken.has(event) && match(event.argument)),
    );
    this.#taken.add(found);
    return found.argument;
  }

  count(name: string, n: number): Promise<FromWire[]> {
    return eventually(`${n} times the event ${name}`, () => this.heard(name).length >= n && this.heard(name));
  }

  say(value: unknown): void {
    this.sendRaw(`42/chat,${JSON.stringify(['say', value])}`);
  }

  sayAndWait(value: unknown): Promise<FromWire> {
    return this.ask('say', value);
  }

  ask(name: string, value: unknown): Promise<FromWire> {
    const id = this.#ackId++;
    const answered = new Promise<FromWire>((resolve) => this.#waiting.set(id, resolve));
    this.sendRaw(`42/chat,${id}${JSON.stringify([name, value])}`);
    return within(`the callback of ${name}`, answered);
  }

  sendRaw(text: string): void {
    this.#socket.send(text);
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.close();
    await within('the connection closes', this.closed);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
