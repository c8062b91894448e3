// One WebSocket of the LeanCloud door: bytes in, commands out. It knows nothing of sessions. Frames go to the socket
// below `ws` through an outbox, so this file and not `ws` answers for slow readers.
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { Outbox } from '../../../realtime/outbox.ts';
import { textFrame } from '../../../realtime/ws-frame.ts';
import { type Command, decodeCommand } from './frames.ts';
import { ping, readJson } from './json-frames.ts';
import { type FrameForm, frameFor, type Packet } from './packets.ts';

/** Close codes that this door uses; the SDKs give up on 4100, 4103 and 4110 and come back after any other. */
export const closeCodes = {
  appNotAvailable: [4100, 'APP_NOT_AVAILABLE'],
  invalidLogin: [4103, 'INVALID_LOGIN'],
  invalidOrigin: [4110, 'INVALID_ORIGIN'],
  readTimeout: [4107, 'READ_TIMEOUT'],
  loginTimeout: [4108, 'LOGIN_TIMEOUT'],
  frameTooLong: [4109, 'FRAME_TOO_LONG'],
  unparseable: [4114, 'UNPARSEABLE_RAW_MESSAGE'],
  slow: [4200, 'INTERNAL_ERROR'],
  goingAway: [1001, ''],
} as const satisfies Record<string, readonly [number, string]>;

export type CloseWhy = keyof typeof closeCodes;

export interface ConnectionListener {
  heard(command: Command): void;
  /** Exactly once, never from within a call to the connection. Nothing is heard afterwards. */
  closed(): void;
  /** Whether anybody ever logged in on it. */
  loggedIn(): boolean;
}

export class Connection {
  readonly remoteAddress: string;
  /** Of the web page, as its browser says; absent from everything else. */
  readonly webOrigin: string | undefined;
  /** 3: what was missed is announced as counts. 1: it is delivered as messages. */
  readonly revision: 1 | 3;
  /** Moments on the monotonic clock, ms. */
  readonly openedAtMs: number;
  heardAtMs: number;
  /** Why this side ended it. */
  closedFor: CloseWhy | undefined;
  readonly #ws: WebSocket;
  readonly #form: FrameForm;
  readonly #outbox: Outbox;
  readonly #onGone: (connection: Connection) => void;
  #listener: ConnectionListener | undefined;
  #gone = false;

  constructor(
    ws: WebSocket,
    socket: Duplex,
    options: {
      form: FrameForm;
      revision: 1 | 3;
      remoteAddress: string;
      webOrigin: string | undefined;
      outboxBytesMax: number;
      nowMs: number;
      /** Told once, with its listener. */
      onGone: (connection: Connection) => void;
    },
  ) {
    this.remoteAddress = options.remoteAddress;
    this.webOrigin = options.webOrigin;
    this.revision = options.revision;
    this.openedAtMs = options.nowMs;
    this.heardAtMs = options.nowMs;
    this.#ws = ws;
    this.#form = options.form;
    this.#onGone = options.onGone;
    this.#outbox = new Outbox(socket, () => this.end('slow'), options.outboxBytesMax);
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('ping', () => {
      this.heardAtMs = performance.now();
    });
    ws.on('close', () => this.#leave());
    // Oversized frames, broken framing, a lost connection: ws closes by itself, and `close` follows.
    ws.on('error', () => {});
  }

  /** How full the queue of what the reader has not taken is, 0 … 1. */
  get fullness(): number {
    return this.#outbox.fullness;
  }

  /** Somebody logged in on it. */
  get loggedIn(): boolean {
    return this.#listener?.loggedIn() ?? false;
  }

  listen(listener: ConnectionListener): void {
    this.#listener = listener;
  }

  /** Queues one command; `peerId`: whom it is for. After the connection ended it does nothing. */
  send(packet: Packet, peerId?: string): void {
    if (!this.#gone) this.#outbox.push(frameFor(packet, peerId, this.#form));
  }

  /** Writes what is queued, then closes with a code. */
  end(why: CloseWhy): void {
    if (this.#gone) return;
    this.#outbox.flush();
    // That may have been more than the reader leaves room for: then it has ended for this reason.
    if (this.closedFor !== undefined) return;
    const [code, reason] = closeCodes[why];
    this.closedFor = why;
    this.#leave();
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#leave();
    this.#ws.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#gone) return;
    this.heardAtMs = performance.now();
    const bytes = data as Buffer;
    if (this.#form === 'json' && bytes.toString() === ping) {
      this.#outbox.push(textFrame(ping));
      return;
    }
    const command = this.#read(bytes, isBinary);
    if (command?.cmd === undefined) this.end('unparseable');
    else this.#listener?.heard(command);
  }

  #read(bytes: Buffer, isBinary: boolean): Command | undefined {
    if (this.#form === 'json') return readJson(bytes.toString());
    return decodeCommand(isBinary ? bytes : Buffer.from(bytes.toString('latin1'), 'base64'));
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#outbox.close();
    queueMicrotask(() => {
      this.#onGone(this);
      this.#listener?.closed();
    });
  }
}
