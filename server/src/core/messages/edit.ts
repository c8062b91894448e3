// A sender changes what he said. The message keeps its place; everybody who could hear it hears of the change.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { announceChange } from './announce.ts';
import type { Changed, Draft } from './message.ts';
import { type ChangeTarget, findRoute, spokenIn, standing } from './route.ts';
import { allowedWords } from './send.ts';
import type { Speaker, SpeakPolicy } from './speak.ts';

/** Throws what findRoute throws, `message-not-found`, `not-the-sender`, `already-recalled`. */
export async function editMessage(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'words' | 'clock'>,
  app: App,
  speaker: Speaker,
  { target, ts, policy: demands = standing, anybody }: ChangeTarget,
  draft: Pick<Draft, 'content' | 'original' | 'mentions'>,
  policy: Pick<SpeakPolicy['obey'], 'words'>,
  origin?: Origin,
): Promise<Changed> {
  const route = await findRoute(core, app, speaker, target, demands);
  const content = await allowedWords(core, app, draft.content, policy);
  const changed = await core.store.messages.edit(app.no, await spokenIn(core, app, route), ts, {
    by: anybody ? null : speaker.who,
    content,
    original: content === draft.content ? draft.original : undefined,
    mentions: draft.mentions,
  });
  announceChange(core, app, 'message-edited', route, changed, origin);
  return changed;
}
