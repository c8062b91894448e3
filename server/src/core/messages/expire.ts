// Retention: what an app says of how long messages are kept, and the rows of deleted conversations.
import { setImmediate as breath } from 'node:timers/promises';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { limits } from '../limits.ts';

export const dayMs = 24 * 60 * 60 * 1000;

/** Rests between two slices of a long removal; throws when the work is to stop. */
export type Pause = () => Promise<void>;

/** Removes the app's messages older than settings.keepDays, slice by slice. Answers how many. */
export async function expireMessages(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  pause: Pause = breath,
): Promise<number> {
  const days = app.settings.keepDays;
  if (days === 0) return 0;
  const before = core.clock.now() - days * dayMs;
  for (let total = 0; ; await pause()) {
    const { done, removed } = await core.store.messages.expire(app.no, before, limits.eraseSliceRows);
    total += removed;
    if (done) return total;
  }
}

/** Removes what deleted conversations of any app have left, slice by slice. */
export async function eraseDeleted(core: Pick<Core, 'store'>, pause: Pause = breath): Promise<void> {
  for (let done = false; !done; ) {
    done = (await core.store.conversations.eraseSlice(limits.eraseSliceRows)).done;
    if (!done) await pause();
  }
}
