import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { newestOf, type View } from '../messages/history.ts';
import type { Message } from '../messages/message.ts';
import { openUser } from '../users/open.ts';
import type { ConversationWithMembers } from './conversation.ts';

/** Ids of a user's groups or rooms, in the order of joining. Throws `user-not-found`. */
export async function conversationIds(
  core: Pick<Core, 'store'>,
  app: App,
  who: string,
  kind: 'group' | 'room',
): Promise<string[]> {
  await openUser(core, app, who);
  return core.store.conversations.idsOf(app.no, who, kind);
}

/** The same in full, with the newest message inside the view where one is given. */
export async function listConversations(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  who: string,
  kind: 'group' | 'room',
  view?: View,
): Promise<{ conversation: ConversationWithMembers; recent: Message | null }[]> {
  await openUser(core, app, who);
  const conversations = await core.store.conversations.of(app.no, who, kind);
  const recent = view ? await newestOf(core, app, conversations, view) : [];
  return conversations.map((conversation, i) => ({ conversation, recent: recent[i] ?? null }));
}
