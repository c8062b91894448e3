import type { App } from '../apps/app.ts';
import { applyAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import { forgetConversation } from './announce.ts';
import type { Conversation, ConversationChange } from './conversation.ts';

/** Changes name and attributes. Throws `conversation-not-found`, `too-long`, `invalid-argument`. */
export async function changeConversation(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  app: App,
  conversation: Conversation,
  change: ConversationChange,
): Promise<void> {
  assertFits(conversation, change);
  await core.store.conversations.change(app.no, conversation.no, change, core.clock.now());
  forgetConversation(core, app, conversation);
}

/** Name and attributes share one bound: a door may show the name as an attribute. */
export function assertFits(
  conversation: Conversation,
  { name = conversation.name, attributes }: ConversationChange,
): void {
  const after = attributes ? applyAttributes(conversation.attributes, attributes) : conversation.attributes;
  if (name !== null) applyAttributes(after, { mode: 'merge', values: { name } });
}
