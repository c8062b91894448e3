// What waits to be written to one connection. Everything that all connections queued within one turn of the event loop
// is written at its end, each connection's frames as one piece: in a busy room that saves most of the system calls.
import type { Duplex } from 'node:stream';
import { limits } from '../core/limits.ts';

/** A connection that queued this much is written at once, so that the bound below is about what the reader left unread. */
const writeAtOnceBytes = 64 * 1024;

let waiting: Outbox[] = [];

function flushAll(): void {
  const outboxes = waiting;
  waiting = [];
  for (const outbox of outboxes) outbox.flush();
}

export class Outbox {
  readonly #socket: Duplex;
  readonly #onOverflow: () => void;
  readonly #bytesMax: number;
  /** Mostly one frame waits: then no list is made. */
  #frame: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;
  #scheduled = false;
  #closed = false;

  /** `onOverflow` is called once, when more than `bytesMax` would be left unread; nothing is queued from then on. */
  constructor(socket: Duplex, onOverflow: () => void, bytesMax: number = limits.outboxBytesMax) {
    this.#socket = socket;
    this.#onOverflow = onOverflow;
    this.#bytesMax = bytesMax;
  }

  /** The part of the bound that is taken, 0 … 1. */
  get fullness(): number {
    return (this.#socket.writableLength + this.#bytes) / this.#bytesMax;
  }

  /** Queues whole WebSocket frames. The buffer may be shared with other connections and must not change any more. */
  push(frame: Buffer): void {
    if (this.#closed) return;
    if (this.#frame === undefined) this.#frame = frame;
    else if (this.#more === undefined) this.#more = [this.#frame, frame];
    else this.#more.push(frame);
    this.#bytes += frame.length;
    if (this.#bytes >= writeAtOnceBytes) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      if (waiting.length === 0) setImmediate(flushAll);
      waiting.push(this);
    }
  }

  /** Writes what is queued now. Only here is the socket looked at: for a thousand listeners that is worth its while. */
  flush(): void {
    this.#scheduled = false;
    if (this.#frame === undefined) return;
    if (this.#socket.writableLength + this.#bytes > this.#bytesMax) {
      this.close();
      this.#onOverflow();
      return;
    }
    const piece = this.#more === undefined ? this.#frame : Buffer.concat(this.#more, this.#bytes);
    this.#forget();
    if (this.#socket.writable) this.#socket.write(piece);
  }

  /** Forgets what is queued and takes nothing more. */
  close(): void {
    this.#closed = true;
    this.#forget();
  }

  #forget(): void {
    this.#frame = undefined;
    this.#more = undefined;
    this.#bytes = 0;
  }
}
