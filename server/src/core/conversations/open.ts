import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import type { Conversation, ConversationWithMembers } from './conversation.ts';

type Ports = Pick<Core, 'store'>;

/** Finds a group or a room by any of its ids; one of the other kind is not found. Throws `conversation-not-found`. */
export async function openConversation(
  core: Ports,
  app: App,
  kind: 'group' | 'room',
  id: string,
): Promise<Conversation> {
  const conversation = await core.store.conversations.open(app.no, id);
  if (conversation?.kind !== kind) throw notFound(kind);
  return conversation;
}

/** The same with everybody in it. */
export async function openWithMembers(
  core: Ports,
  app: App,
  kind: 'group' | 'room',
  id: string,
): Promise<ConversationWithMembers> {
  const { no } = await openConversation(core, app, kind, id);
  const conversation = await core.store.conversations.withMembers(app.no, no);
  if (!conversation) throw notFound(kind);
  return conversation;
}

const notFound = (kind: 'group' | 'room') => new ImError('conversation-not-found', `${kind} not found`, { kind });
