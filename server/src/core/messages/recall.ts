// A sender takes back what he said. The row stays, without its content.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { announceChange } from './announce.ts';
import type { Changed, MessageRecall } from './message.ts';
import { type ChangeTarget, findRoute, spokenIn, standing } from './route.ts';
import type { Speaker } from './speak.ts';

/** Throws what findRoute throws, `message-not-found`, `not-the-sender`, `already-recalled`, `too-late`. */
export async function recallMessage(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  speaker: Speaker,
  { target, ts, policy: demands = standing, anybody }: ChangeTarget,
  rule: Omit<MessageRecall, 'by'>,
  origin?: Origin,
): Promise<Changed> {
  const route = await findRoute(core, app, speaker, target, demands);
  const changed = await core.store.messages.recall(app.no, await spokenIn(core, app, route), ts, {
    by: anybody ? null : speaker.who,
    ...rule,
  });
  announceChange(core, app, 'message-recalled', route, changed, origin);
  return changed;
}
