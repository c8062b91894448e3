import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { announceDeleted } from './announce.ts';
import type { Conversation } from './conversation.ts';

/** Delivery ends at once; the messages are taken away later, in slices, by a job. Throws `conversation-not-found`. */
export async function eraseConversation(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  conversation: Conversation,
): Promise<void> {
  const { members } = await core.store.conversations.erase(app.no, conversation.no, core.clock.now());
  const { no, id } = conversation;
  announceDeleted(core, app, { no, id, kind: conversation.kind === 'room' ? 'room' : 'group' }, members);
}
