// A bus on which the test decides what arrives and when: another node's announcements come by `arrive`, or never.
import type { CoreEvent } from '../../src/core/events.ts';
import type { Bus, BusListener, Note, Topic } from '../../src/core/ports/bus.ts';

export type LossyBus = Bus & {
  /** An announcement of another node. */
  arrive(event: CoreEvent, topics: readonly Topic[]): void;
  /** What this node told the others to forget, and what another one tells it. */
  readonly told: Note[];
  note(note: Note): void;
  /** The bus was away and is back. */
  gap(): void;
};

export function openLossyBus(): LossyBus {
  const listeners: BusListener[] = [];
  const noteListeners: ((note: Note) => void)[] = [];
  const told: Note[] = [];
  const gapListeners: ((where: 'here' | 'elsewhere') => void)[] = [];
  const arrive = (event: CoreEvent, topics: readonly Topic[]): void => {
    for (const listener of listeners) listener(event, topics);
  };
  return {
    arrive,
    told,
    note(note) {
      for (const listener of noteListeners) listener(note);
    },
    gap() {
      for (const listener of gapListeners) listener('here');
    },
    publish: (event, topics) => void setImmediate(() => arrive(event, topics)),
    onEvent: (listener) => void listeners.push(listener),
    async want() {},
    unwant() {},
    tell: (note) => void told.push(note),
    onNote: (listener) => void noteListeners.push(listener),
    onGap: (listener) => void gapListeners.push(listener),
    state: () => 'connected',
    async close() {},
  };
}
