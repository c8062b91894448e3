// After a conversation's people or facts changed: what was remembered is forgotten, live sessions hear of it, and who is
// away finds it later.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { ConversationDeletedEvent, CoreEvent, MembersEvent, Origin } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';
import { keepNotice } from '../notices/keep.ts';
import { conversationTopic, userTopic } from '../ports/bus.ts';
import type { ConversationKey } from './conversation.ts';

type Ports = Pick<Core, 'bus' | 'facts' | 'store'>;
type ConversationEvent = Extract<CoreEvent, { conversation: ConversationKey; ts: number }>;

/** Told to the conversation and to each of `who`, so that live sessions start or stop to listen. */
export function announceMembers(core: Ports, app: App, event: Omit<MembersEvent, 'app'>): Promise<void> {
  const told = { ...event, app: app.no };
  return announce(core, app, told, event.who, event.type === 'members-removed' ? event.who : []);
}

/** `about`: those who hear of it on their own topics too. `outside`: those who are not in, and find it under their own name. */
export async function announce(
  core: Ports,
  app: App,
  event: ConversationEvent,
  about: readonly PrincipalKey[] = [],
  outside: readonly PrincipalKey[] = [],
): Promise<void> {
  const { no, kind } = event.conversation;
  forgetConversation(core, app, event.conversation);
  const own = about.map((who) => userTopic(app.no, who));
  core.bus.publish(event, kind === 'thread' ? own : [conversationTopic(app.no, no), ...own]);
  await keepNotice(core, app, event, outside);
}

/** After a conversation was deleted. */
export function announceDeleted(
  core: Ports,
  app: App,
  { no, id, kind }: ConversationKey,
  members: readonly PrincipalKey[],
  ts: number,
  by?: PrincipalKey,
  origin?: Origin,
): Promise<void> {
  const event: ConversationDeletedEvent = {
    type: 'conversation-deleted',
    app: app.no,
    conversation: { no, id, kind },
    ts,
    by,
    origin,
  };
  return announce(core, app, event, members, members);
}

export function forgetConversation(
  { facts }: Pick<Core, 'facts'>,
  app: App,
  { no, id }: Pick<ConversationKey, 'no' | 'id'>,
): void {
  facts.forgetConversation(app.no, id);
  facts.forgetConversation(app.no, String(no));
}
