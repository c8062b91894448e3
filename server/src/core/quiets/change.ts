import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { userTopic } from '../ports/bus.ts';
import type { QuietChange } from './quiet.ts';

/** All or nothing. `strict`: throws `already`, `absent` (what: quiet). Answers what changed. */
export async function changeQuiets(
  core: Pick<Core, 'store' | 'bus' | 'clock'>,
  app: App,
  who: PrincipalKey,
  change: QuietChange,
): Promise<{ added: string[]; removed: string[] }> {
  const ts = core.clock.now();
  const changed = await core.store.quiets.change(app.no, who, change, ts);
  if (changed.added.length + changed.removed.length > 0)
    core.bus.publish({ type: 'quiet-changed', app: app.no, who, ...changed, ts }, [userTopic(app.no, who)]);
  return changed;
}
