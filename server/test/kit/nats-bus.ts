// Buses on the tests' NATS server, and what they counted.
import { openNatsBus } from '../../src/bus/nats.ts';
import type { CoreEvent } from '../../src/core/events.ts';
import type { Bus } from '../../src/core/ports/bus.ts';
import type { Log } from '../../src/core/ports/log.ts';
import { eventually } from './eventually.ts';
import { testNats } from './nats.ts';
import { quietLog } from './quiet-log.ts';

export type CountedBus = { readonly bus: Bus; readonly dropped: { away: number; slow: number; 'too-large': number } };

export function openTestBus(
  prefix: string,
  options: { server?: string; whole?: (event: CoreEvent) => Promise<CoreEvent | undefined>; log?: Log } = {},
): CountedBus {
  const dropped = { away: 0, slow: 0, 'too-large': 0 };
  const bus = openNatsBus({
    servers: [options.server ?? `${testNats?.host}:${testNats?.port}`],
    tls: false,
    prefix,
    log: options.log ?? quietLog,
    metrics: {
      busDropped(why, count) {
        dropped[why] += count;
      },
    },
    whole: options.whole ?? (async (event) => event),
  });
  return { bus, dropped };
}

export async function openConnectedBus(...args: Parameters<typeof openTestBus>): Promise<CountedBus> {
  const opened = openTestBus(...args);
  await eventually('the bus is connected', () => opened.bus.state() === 'connected');
  return opened;
}
