// The bus of a single node: what is published in one tick is heard together, in order, in a later one.
import type { CoreEvent } from '../core/events.ts';
import type { Bus, BusListener, Topic } from '../core/ports/bus.ts';

export function openLocalBus(): Bus {
  let waiting: { event: CoreEvent; topics: readonly Topic[] }[] = [];
  let scheduled = false;
  const listeners: BusListener[] = [];

  const flush = (): void => {
    scheduled = false;
    const batch = waiting;
    waiting = [];
    for (const { event, topics } of batch) for (const listener of listeners) listener(event, topics);
  };

  return {
    publish(event, topics) {
      waiting.push({ event, topics });
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
    onEvent(listener) {
      listeners.push(listener);
    },
    async want() {},
    unwant() {},
    tell() {},
    onNote() {},
    onGap() {},
    state: () => 'alone',
    async close() {
      waiting = [];
    },
  };
}
