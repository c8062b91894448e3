// Conversations as this door finds them: by id, of the kind that a path speaks of.
import type { App } from '../../core/apps/app.ts';
import type { Conversation, ConversationKind } from '../../core/conversations/conversation.ts';
import type { Core } from '../../core/core.ts';
import { ImError, type ImErrorDetails } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { textOf } from './rest/params.ts';

/** Families of paths: what may be opened there, and the word for what should have been. */
export const families = {
  conversations: { kinds: ['direct', 'group', 'temporary', 'room'], needs: 'group' },
  members: { kinds: ['direct', 'group', 'temporary'], needs: 'group' },
  chatrooms: { kinds: ['room'], needs: 'room' },
  services: { kinds: ['service'], needs: 'service' },
} as const satisfies Record<string, { kinds: readonly ConversationKind[]; needs: string }>;

export type Family = keyof typeof families;

/** Throws `conversation-not-found`, `wrong-kind`. */
export async function openFor(
  core: Pick<Core, 'store'>,
  app: App,
  family: Family,
  id: string,
  purpose: ImErrorDetails['purpose'] = 'change',
): Promise<Conversation> {
  const conversation = await core.store.conversations.open(app.no, id);
  if (!conversation)
    throw new ImError('conversation-not-found', 'CONVERSATION_NOT_FOUND', { purpose, kind: families[family].needs });
  const kinds: readonly ConversationKind[] = families[family].kinds;
  if (!kinds.includes(conversation.kind))
    throw new ImError('wrong-kind', 'the conversation is of another kind', {
      kind: conversation.kind,
      needs: families[family].needs,
    });
  return conversation;
}

/** What a parameter with a conversation's id is called, over the years. */
export const conversationNames = ['conv_id', 'convid', 'conv-id', 'to'] as const;

/** Of any kind; a thread only where `threads` says so. Throws `conversation-not-found`, `invalid-argument`. */
export async function openAny(
  { store }: Pick<Core, 'store'>,
  app: App,
  params: JsonObject,
  purpose: 'send' | 'read' | 'change' = 'change',
  threads = false,
): Promise<Conversation> {
  const conversation = await store.conversations.open(app.no, textOf(params, ...conversationNames));
  if (!conversation || (conversation.kind === 'thread' && !threads))
    throw new ImError('conversation-not-found', 'CONVERSATION_NOT_FOUND', { purpose });
  return conversation;
}
