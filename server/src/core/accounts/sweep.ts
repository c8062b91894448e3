import type { Core } from '../core.ts';
import { limits } from '../limits.ts';
import type { Pause } from '../messages/expire.ts';

/** Takes out codes, used tokens and counts whose time has passed, a slice at a time. */
export async function sweepProofs(core: Pick<Core, 'store' | 'clock'>, pause?: Pause): Promise<void> {
  while (!(await core.store.accounts.sweepProofs(core.clock.now(), limits.eraseSliceRows)).done) await pause?.();
}
