// Between the bus of many nodes and the fan-out: what the bus lost is found in the store within seconds, and what came
// out of order is put in order. A single node has no need of it.
import type { Core } from '../core/core.ts';
import { limits } from '../core/limits.ts';
import { Recent } from '../core/lru.ts';
import type { EventSource } from './fanout.ts';
import type { Hub } from './hub.ts';
import { lookAfterJoining } from './joined.ts';
import { type Deliver, Order } from './order.ts';
import { openFinder } from './places.ts';
import { renewSessions } from './renew.ts';
import { startTail } from './tail.ts';

type Parts = {
  readonly core: Pick<Core, 'store' | 'bus' | 'presence' | 'clock' | 'log'>;
  readonly hub: Hub;
  readonly metrics: { caughtUp(count: number): void };
};

export type Convergence = EventSource & { stop(): void };

export function converge({ core, hub, metrics }: Parts): Convergence {
  const { bus, clock } = core;
  const listeners: Deliver[] = [];
  const deliver: Deliver = (...told) => {
    for (const listener of listeners) listener(...told);
  };
  const find = openFinder(core);
  const order = new Order({ core, hub, find, deliver, caughtUp: metrics.caughtUp });
  const tail = startTail({ core, hub, order, find });
  const joined = lookAfterJoining({ core, hub, order });
  /** Talk that is not stored, by its speaker's reference: repeated at another node it is announced again. */
  const loose = new Recent<true>(clock, limits.looseRefsCached, limits.looseRefAgeMsMax);

  bus.onEvent((event, topics) => {
    if (event.type === 'message' && event.message.no === 0 && event.ref !== undefined) {
      const { conversation, sender } = event.message;
      const key = `${event.app}/${conversation}/${sender}/${event.ref}`;
      if (loose.get(key)) return;
      loose.set(key, true);
    }
    order.hear(event, topics);
    if (event.type === 'members-added' || event.type === 'conversation-created') joined.look(event);
  });
  const renewing = renewSessions({ core, hub });
  bus.onGap((where) => {
    tail.look();
    if (where === 'here') renewing.begin();
  });
  return {
    onEvent(listener) {
      listeners.push(listener);
    },
    stop() {
      tail.stop();
      joined.stop();
      renewing.stop();
      order.stop();
    },
  };
}
