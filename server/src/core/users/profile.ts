import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { userTopic } from '../ports/bus.ts';

/** Top-level names replace; null takes one away. Throws `user-not-found`, `too-long`, `invalid-argument`. */
export async function changeProfile(
  core: Pick<Core, 'store' | 'bus' | 'clock'>,
  app: App,
  id: string,
  change: JsonObject,
): Promise<void> {
  const ts = core.clock.now();
  await core.store.users.setProfile(app.no, id, change, ts);
  core.bus.publish({ type: 'profile-changed', app: app.no, who: id, ts }, [userTopic(app.no, id)]);
}
