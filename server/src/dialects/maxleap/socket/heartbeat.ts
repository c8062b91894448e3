// Who is still there. One timer looks after all connections; a connection keeps two numbers and no timer of its own.
import type { EngineRevision } from './packets.ts';

export type HeartbeatTiming = { readonly pingIntervalMs: number; readonly pingTimeoutMs: number };

/** Moments on the monotonic clock, ms. */
export type Pulse = { heardAtMs: number; pingedAtMs: number };

/**
 * What a connection needs now. Under Engine.IO 3 the client pings and the server answers; under Engine.IO 4 the server
 * pings. Both are given up after an interval and a timeout of silence.
 */
export function feel(
  pulse: Pulse,
  revision: EngineRevision,
  timing: HeartbeatTiming,
  nowMs: number,
): 'ping' | 'dead' | 'fine' {
  if (nowMs - pulse.heardAtMs > timing.pingIntervalMs + timing.pingTimeoutMs) return 'dead';
  if (revision === 4 && nowMs - pulse.pingedAtMs >= timing.pingIntervalMs) return 'ping';
  return 'fine';
}

export interface Swept {
  sweep(nowMs: number): void;
}

export class Sweep {
  readonly #swept = new Set<Swept>();
  readonly #timer: NodeJS.Timeout;

  constructor(everyMs: number) {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      for (const one of this.#swept) one.sweep(nowMs);
    }, everyMs);
    this.#timer.unref();
  }

  add(one: Swept): void {
    this.#swept.add(one);
  }

  delete(one: Swept): void {
    this.#swept.delete(one);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#swept.clear();
  }
}
