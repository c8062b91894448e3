// A sender changes what he said. The message keeps its place; everybody who could hear it hears of the change.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { carryEdit } from '../guests/carry.ts';
import { allowedWords } from '../words/allowed-words.ts';
import { announceChange } from './announce.ts';
import { askAboutChange } from './hooked.ts';
import type { Changed, Draft } from './message.ts';
import { type ChangeTarget, findRoute, spokenIn, standing } from './route.ts';
import type { Speaker, SpeakPolicy } from './speak.ts';

/** Throws what findRoute throws, `message-not-found`, `not-the-sender`, `already-recalled`, `rejected-by-app`. */
export async function editMessage(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'words' | 'hooks' | 'clock'>,
  app: App,
  speaker: Speaker,
  { target, ts, policy: demands = standing, anybody }: ChangeTarget,
  draft: Pick<Draft, 'content' | 'original' | 'mentions'>,
  policy: Pick<SpeakPolicy['obey'], 'words'>,
  origin?: Origin,
): Promise<Changed & { readonly starred: boolean }> {
  const found = await findRoute(core, app, speaker, target, demands);
  const route = { ...found, conversation: await spokenIn(core, app, found) };
  const content = await allowedWords(core, app, draft.content, policy);
  const worded = { content, original: content === draft.content ? draft.original : undefined };
  const say = core.hooks?.wants(app, 'edit')
    ? await askAboutChange(core, app, speaker, route, { ts, anybody, ...worded })
    : {};
  const changed = await core.store.messages.edit(app.no, route.conversation, ts, {
    by: anybody ? null : speaker.who,
    ...(say.draft ?? worded),
    mentions: draft.mentions,
  });
  announceChange(core, app, 'message-edited', route, changed, origin, say.receivers);
  await carryEdit(core, app, route, changed, policy);
  return { ...changed, starred: content !== draft.content && !('draft' in say && say.draft) };
}
