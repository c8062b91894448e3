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
  #frames: Buffer[] = [];
  #bytes = 0;
  #scheduled = false;
  #closed = false;

  /** `onOverflow` is called once, in the turn of the push that went over `bytesMax`; nothing is queued from then on. */
  constructor(socket: Duplex, onOverflow: () => void, bytesMax: number = limits.outboxBytesMax) {
    this.#socket = socket;
    this.#onOverflow = onOverflow;
    this.#bytesMax = bytesMax;
  }

  /** Queues whole WebSocket frames. The buffer may be shared with other connections and must not change any more. */
  push(frame: Buffer): void {
    if (this.#closed) return;
    if (this.#socket.writableLength + this.#bytes + frame.length > this.#bytesMax) {
      this.close();
      this.#onOverflow();
      return;
    }
    this.#frames.push(frame);
    this.#bytes += frame.length;
    if (this.#bytes >= writeAtOnceBytes) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      if (waiting.length === 0) setImmediate(flushAll);
      waiting.push(this);
    }
  }

  /** Writes what is queued now. */
  flush(): void {
    this.#scheduled = false;
    const frames = this.#frames;
    if (frames.length === 0) return;
    const bytes = this.#bytes;
    this.#frames = [];
    this.#bytes = 0;
    if (!this.#socket.writable) return;
    this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames, bytes));
  }

  /** Forgets what is queued and takes nothing more. */
  close(): void {
    this.#closed = true;
    this.#frames = [];
    this.#bytes = 0;
  }
}
