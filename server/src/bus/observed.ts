// A bus that also shows what is published on this node, and only that: of several nodes the one that caused an event.
import type { Bus, BusListener } from '../core/ports/bus.ts';

export function observePublished(bus: Bus): { readonly bus: Bus; onPublished(listener: BusListener): void } {
  const listeners: BusListener[] = [];
  return {
    bus: {
      ...bus,
      publish(event, topics) {
        bus.publish(event, topics);
        for (const listener of listeners) listener(event, topics);
      },
    },
    onPublished(listener) {
      listeners.push(listener);
    },
  };
}
