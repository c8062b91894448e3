import { setImmediate as breath } from 'node:timers/promises';
import type { Core } from '../core.ts';
import { limits } from '../limits.ts';
import { dayMs, type Pause } from '../messages/expire.ts';

type Ports = Pick<Core, 'store' | 'clock'>;

/** Removes notices that are older than anybody asks for, slice by slice. Answers how many. */
export function expireNotices({ store, clock }: Ports, pause?: Pause): Promise<number> {
  const before = clock.now() - limits.noticeDays * dayMs;
  return inSlices((rows) => store.notices.expire(before, rows), pause);
}

/** Removes broadcasts that ended a day ago: until then they count among those of the day. */
export function expireBroadcasts({ store, clock }: Ports, pause?: Pause): Promise<number> {
  const before = clock.now() - dayMs;
  return inSlices((rows) => store.services.expireBroadcasts(before, rows), pause);
}

async function inSlices(
  slice: (rows: number) => Promise<{ done: boolean; removed: number }>,
  pause: Pause = breath,
): Promise<number> {
  for (let total = 0; ; await pause()) {
    const { done, removed } = await slice(limits.eraseSliceRows);
    total += removed;
    if (done) return total;
  }
}
