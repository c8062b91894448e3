import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { assertHome, settleTwins } from '../guests/settle.ts';
import type { PrincipalKey } from '../ids.ts';
import { announceDeleted } from './announce.ts';
import type { Conversation } from './conversation.ts';

/**
 * Delivery ends at once; the messages are taken away later, in slices, by a job, when the app's settings say so.
 * Throws `conversation-not-found`, `forbidden` (what: twin).
 */
export async function eraseConversation(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>,
  app: App,
  conversation: Conversation,
  by?: PrincipalKey,
  origin?: Origin,
): Promise<void> {
  await assertHome(core, app, conversation);
  const links = await core.store.guests.links(app.no, conversation.no);
  const now = core.clock.now();
  const { members } = await core.store.conversations.erase(app.no, conversation.no, now, deletedKeepMs(app));
  const { no, id, kind } = conversation;
  await announceDeleted(core, app, { no, id, kind }, members, now, by, origin);
  if (links) await settleTwins(core, app, { no, id, kind }, undefined, links);
}

/** How long reports still find what was said in a deleted conversation. */
export const deletedKeepMs = ({ settings }: App): number => settings.deletedKeepDays * 86_400_000;
