// Which announcements are kept, and under whom: about a conversation once under it, about those who are out of it under
// each of them.
import type { App } from '../apps/app.ts';
import type { ConversationKey } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import type { CoreEvent } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';
import { conversationTopic, userTopic } from '../ports/bus.ts';

/** Rooms and services come and go without anybody asking later. */
const kept: readonly ConversationKey['kind'][] = ['direct', 'group', 'temporary'];

export async function keepNotice(
  { store }: Pick<Core, 'store'>,
  app: App,
  event: Extract<CoreEvent, { conversation: ConversationKey; ts: number }>,
  outside: readonly PrincipalKey[] = [],
): Promise<void> {
  const { no, kind } = event.conversation;
  if (app.settings.noticeDays === 0 || !kept.includes(kind)) return;
  const topics = [conversationTopic(app.no, no), ...outside.map((who) => userTopic(app.no, who))];
  await store.notices.put(app.no, topics, event, event.ts);
}
