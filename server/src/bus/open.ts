// Which bus: of one node, or of many. NATS is loaded only where it is used.
import type { CoreEvent } from '../core/events.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { Log } from '../core/ports/log.ts';
import type { Store } from '../core/ports/store.ts';
import { openLocalBus } from './local.ts';
import type { LinkMetrics, NatsServers } from './nats-link.ts';

type Hidden = { reveal(): string };
export type NatsOptions = Omit<NatsServers, 'pass' | 'token'> & {
  readonly pass: Hidden | undefined;
  readonly token: Hidden | undefined;
  readonly prefix: string;
};

type Parts = { readonly store: Pick<Store, 'messages'>; readonly log: Log; readonly metrics: LinkMetrics };

export async function openBus(nats: NatsOptions | undefined, { store, log, metrics }: Parts): Promise<Bus> {
  if (!nats) return openLocalBus();
  const { openNatsBus } = await import('./nats.ts');
  return openNatsBus({
    ...nats,
    pass: nats.pass?.reveal(),
    token: nats.token?.reveal(),
    log,
    metrics,
    async whole(event) {
      if (!('message' in event)) return event;
      const { conversation, ts } = event.message;
      const message = await store.messages.at(event.app, conversation, ts);
      return message && ({ ...event, message } as CoreEvent);
    },
  });
}
