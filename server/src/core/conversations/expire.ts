// Temporary conversations end by themselves, and so does what was kept for those who were away.
import { setImmediate as breath } from 'node:timers/promises';
import type { Core } from '../core.ts';
import { limits } from '../limits.ts';
import type { Pause } from '../messages/expire.ts';
import { announceDeleted } from './announce.ts';

/** A conversation whose time is over has long been refused; this takes it away. Answers how many. */
export async function expireConversations(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  pause: Pause = breath,
): Promise<number> {
  const apps = new Map((await core.store.apps.list()).map((app) => [app.no, app]));
  for (let total = 0; ; await pause()) {
    const now = core.clock.now();
    const expired = await core.store.conversations.expire(now, limits.expireSliceFiles);
    for (const { app: no, members, ...conversation } of expired) {
      const app = apps.get(no);
      if (app) await announceDeleted(core, app, conversation, members, now);
    }
    total += expired.length;
    if (expired.length < limits.expireSliceFiles) return total;
  }
}
