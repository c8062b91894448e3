// What /metrics tells. Labels take few values: doors, codes and methods, never ids. The rest of the server sees plain
// functions, so nothing but this file knows prom-client.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof openMetrics>;

export function openMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gateways = new Map<string, () => number>();
  new Gauge({
    name: 'hongyan_connections',
    help: 'Open realtime connections.',
    labelNames: ['door'],
    registers,
    collect() {
      for (const [door, count] of gateways) this.set({ door }, count());
    },
  });
  const messagesIn = new Counter({
    name: 'hongyan_messages_in_total',
    help: 'Messages accepted from clients.',
    labelNames: ['door'],
    registers,
  });
  const messagesOut = new Counter({
    name: 'hongyan_messages_out_total',
    help: 'Events handed to connections.',
    labelNames: ['door'],
    registers,
  });
  const errors = new Counter({
    name: 'hongyan_errors_total',
    help: 'Refusals and failures told to clients.',
    labelNames: ['door', 'code'],
    registers,
  });
  const commitSeconds = new Histogram({
    name: 'hongyan_commit_seconds',
    help: 'Time of one store transaction, from its begin until it is durable.',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers,
  });
  const commitWrites = new Histogram({
    name: 'hongyan_commit_writes',
    help: 'Writes that shared one store transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'hongyan_http_request_seconds',
    help: 'Time of one HTTP request.',
    labelNames: ['method', 'status'],
    buckets: [0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30],
    registers,
  });

  const pushes = new Counter({
    name: 'hongyan_pushes_total',
    help: 'Pushes by what became of them: sent, dead-token, rejected, retry, expired, skipped.',
    labelNames: ['provider', 'outcome'],
    registers,
  });
  const pushSeconds = new Histogram({
    name: 'hongyan_push_seconds',
    help: 'Time of one attempt to push.',
    labelNames: ['provider'],
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });

  const busDropped = new Counter({
    name: 'hongyan_bus_dropped_total',
    help: 'Announcements that could not be sent to other nodes: away, slow, too-large. They are caught up with from the store.',
    labelNames: ['why'],
    registers,
  });
  const caughtUp = new Counter({
    name: 'hongyan_caught_up_total',
    help: 'Announcements of other nodes that got lost and were read from the store.',
    registers,
  });

  return {
    busDropped(why: string, count: number): void {
      busDropped.inc({ why }, count);
    },
    caughtUp(count: number): void {
      caughtUp.inc(count);
    },
    /** `count` is asked whenever somebody reads the metrics. */
    watchConnections(door: string, count: () => number): void {
      gateways.set(door, count);
    },
    messageIn(door: string): void {
      messagesIn.inc({ door });
    },
    messagesOut(door: string, count: number): void {
      messagesOut.inc({ door }, count);
    },
    /** `code`: one of the closed list of core error codes. */
    error(door: string, code: string): void {
      errors.inc({ door, code });
    },
    committed(writes: number, ms: number): void {
      commitSeconds.observe(ms / 1000);
      commitWrites.observe(writes);
    },
    pushed(provider: string, outcome: string, ms: number): void {
      pushes.inc({ provider, outcome });
      if (ms > 0) pushSeconds.observe({ provider }, ms / 1000);
    },
    httpRequest(method: string, status: number, ms: number): void {
      requestSeconds.observe({ method, status: `${Math.floor(status / 100)}xx` }, ms / 1000);
    },
    contentType: registry.contentType,
    text: (): Promise<string> => registry.metrics(),
  };
}
