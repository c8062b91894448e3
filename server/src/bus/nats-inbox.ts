// What comes from other nodes: each event once, in its publisher's order, whole.
import type { CoreEvent } from '../core/events.ts';
import type { BusListener, Note, Topic } from '../core/ports/bus.ts';
import type { Log } from '../core/ports/log.ts';
import { type Frame, readFrame } from './nats-wire.ts';

/** Frames that wait behind one whose content is being read; above it they are dropped, and caught up with later. */
const waitingMax = 10_000;
/** Publishers that are remembered: nodes that come and go have new names. */
const publishersMax = 1_000;

export type InboxParts = {
  /** Reads what a frame was too small for. undefined: there is no such message any more. */
  readonly whole: (event: CoreEvent) => Promise<CoreEvent | undefined>;
  readonly wanted: (topic: Topic) => boolean;
  readonly log: Log;
  readonly dropped: (count: number) => void;
};

export type Inbox = {
  heard(data: Uint8Array): void;
  onEvent(listener: BusListener): void;
  onNote(listener: (note: Note) => void): void;
};

export function openInbox({ whole, wanted, log, dropped }: InboxParts): Inbox {
  const listeners: BusListener[] = [];
  const noteListeners: ((note: Note) => void)[] = [];
  /**
   * The count of each publisher's last event. Copies of one event follow each other, so whatever is not above it was heard,
   * or comes too late to be in order.
   */
  const last = new Map<string, number>();
  let waiting: Frame[] | undefined;

  function isNew(by: string, n: number): boolean {
    const before = last.get(by);
    if (before !== undefined && n <= before) return false;
    if (before === undefined && last.size >= publishersMax) {
      const [oldest] = last.keys();
      if (oldest !== undefined) last.delete(oldest);
    }
    last.set(by, n);
    return true;
  }

  function deliver(event: CoreEvent, topics: readonly Topic[]): void {
    for (const listener of listeners) listener(event, topics);
  }

  function take(frame: Frame): void {
    if ('notes' in frame) {
      for (const note of frame.notes) for (const listener of noteListeners) listener(note);
      return;
    }
    const { by, n, topics, event, cut } = frame;
    if (!topics.some(wanted) || !isNew(by, n)) return;
    if (cut) read(event, topics);
    else deliver(event, topics);
  }

  function read(event: CoreEvent, topics: readonly Topic[]): void {
    waiting = [];
    whole(event)
      .then((read) => read && deliver(read, topics))
      .catch((err) => log.warn({ err }, 'the content of an announcement could not be read'))
      .finally(goOn);
  }

  /** Those that came meanwhile, until one of them has to be read too. */
  function goOn(): void {
    const behind = waiting ?? [];
    waiting = undefined;
    for (const [i, frame] of behind.entries()) {
      guarded(() => take(frame));
      if (waiting === undefined) continue;
      (waiting as Frame[]).push(...behind.slice(i + 1));
      return;
    }
  }

  /** What one listener throws must not end the connection that everything comes by. */
  function guarded(work: () => void): void {
    try {
      work();
    } catch (err) {
      log.error({ err }, 'an announcement of another node could not be taken');
    }
  }

  return {
    heard(data) {
      guarded(() => {
        const frame = readFrame(data);
        if (!waiting) take(frame);
        else if (waiting.length < waitingMax) waiting.push(frame);
        else dropped(1);
      });
    },
    onEvent(listener) {
      listeners.push(listener);
    },
    onNote(listener) {
      noteListeners.push(listener);
    },
  };
}
