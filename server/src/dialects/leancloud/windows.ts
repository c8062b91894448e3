// How often something may be done in a stretch of time, counted on this node.
import { ImError } from '../../core/errors.ts';
import { Recent } from '../../core/lru.ts';
import type { Clock } from '../../core/ports/clock.ts';

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** Clients and budgets that are counted at once; above it the one that was used longest ago begins anew. */
const countedMax = 100_000;

type Window = { readonly endsAt: number; count: number };

/** Takes one from a budget of `most` within `lengthMs`; days end at midnight, UTC. Throws `rate-limited`. */
export type Take = (key: string, lengthMs: number, most: number) => void;

export function openWindows(clock: Clock): Take {
  const windows = new Recent<Window>(clock, countedMax, dayMs);
  return (key, lengthMs, most) => {
    const now = clock.now();
    const before = windows.get(key);
    const endsAt = lengthMs === dayMs ? now - (now % dayMs) + dayMs : now + lengthMs;
    const window = before && now < before.endsAt ? before : { endsAt, count: 0 };
    window.count += 1;
    if (window !== before) windows.set(key, window);
    if (window.count > most)
      throw new ImError('rate-limited', 'Too many requests.', { retryAfterMs: window.endsAt - now });
  };
}
