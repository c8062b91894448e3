// A sender takes back what he said. The row stays, without its content.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { carryRecall } from '../guests/carry.ts';
import { announceChange } from './announce.ts';
import { askAboutChange } from './hooked.ts';
import type { Changed, MessageRecall } from './message.ts';
import { type ChangeTarget, findRoute, spokenIn, standing } from './route.ts';
import type { Speaker } from './speak.ts';

/** Throws what findRoute throws, `message-not-found`, `not-the-sender`, `already-recalled`, `too-late`, `rejected-by-app`. */
export async function recallMessage(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'hooks' | 'clock'>,
  app: App,
  speaker: Speaker,
  { target, ts, policy: demands = standing, anybody }: ChangeTarget,
  rule: Omit<MessageRecall, 'by'>,
  origin?: Origin,
): Promise<Changed> {
  const found = await findRoute(core, app, speaker, target, demands);
  const route = { ...found, conversation: await spokenIn(core, app, found) };
  const say = core.hooks?.wants(app, 'edit')
    ? await askAboutChange(core, app, speaker, route, { ts, anybody, content: { type: 'recalled' } })
    : {};
  const changed = await core.store.messages.recall(app.no, route.conversation, ts, {
    by: anybody ? null : speaker.who,
    ...rule,
  });
  announceChange(core, app, 'message-recalled', route, changed, origin, say.receivers);
  await carryRecall(core, app, route, changed.message);
  return changed;
}
