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

/** Removes broadcasts that ended so long ago that no history shows them. */
export function expireBroadcasts({ store, clock }: Ports, pause?: Pause): Promise<number> {
  const before = clock.now() - limits.broadcastKeepDays * dayMs;
  return inSlices((rows) => store.services.expireBroadcasts(before, rows), pause);
}

/** Removes the seats of devices that did not come back. */
export function expireSeats({ store, clock }: Ports, pause?: Pause): Promise<number> {
  return inSlices((rows) => store.devices.expireSeats(clock.now() - limits.seatUnseenMs, rows), pause);
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
