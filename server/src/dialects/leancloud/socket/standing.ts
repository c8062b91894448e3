// Conversations as commands name them, and what an actor is there.
import type { Conversation, ConversationKind } from '../../../core/conversations/conversation.ts';
import type { MemberRole } from '../../../core/conversations/member.ts';
import { ImError, type ImErrorDetails } from '../../../core/errors.ts';
import type { PrincipalKey } from '../../../core/ids.ts';
import { type Actor, need } from './client.ts';

/** Throws `conversation-not-found`, `conversation-expired`. */
export async function conversationOf(
  { core, app }: Actor,
  cid: string | undefined,
  purpose: ImErrorDetails['purpose'] = 'change',
): Promise<Conversation> {
  const found = await core.store.conversations.open(app.no, need(cid, 'cid'));
  if (!found || found.kind === 'thread')
    throw new ImError('conversation-not-found', 'there is no such conversation', { purpose });
  if (found.expiresAt !== null && found.expiresAt <= core.clock.now())
    throw new ImError('conversation-expired', 'the conversation is over', { purpose });
  return found;
}

/** Throws `wrong-kind` unless it is one of these. */
export function assertKind({ kind }: Conversation, kinds: readonly ConversationKind[], needs: string): void {
  if (!kinds.includes(kind)) throw new ImError('wrong-kind', `this cannot be done to a ${kind}`, { kind, needs });
}

export const isMember = async ({ core, app }: Actor, { no }: Conversation, who: PrincipalKey): Promise<boolean> =>
  (await core.store.conversations.among(app.no, no, [who])).length > 0;

/** Throws `not-a-member`. */
export async function assertMember(
  actor: Actor,
  conversation: Conversation,
  purpose?: ImErrorDetails['purpose'],
): Promise<void> {
  if (!(await isMember(actor, conversation, actor.who)))
    throw new ImError('not-a-member', 'only members may do this', { purpose });
}

/**
 * Whether the actor may silence and block people: with roles the owner and managers, without them who made the
 * conversation. Throws `not-a-member`, `forbidden`.
 */
export async function assertPrivileged(actor: Actor, conversation: Conversation): Promise<void> {
  const { core, app, who } = actor;
  if (conversation.creator === who) return;
  const [member] = await core.store.conversations.among(app.no, conversation.no, [who]);
  const role: MemberRole = member?.role ?? 'member';
  if (app.settings['leancloud.memberRoles'] && role !== 'member') return;
  throw new ImError('forbidden', 'this is for the owner and managers', {});
}
