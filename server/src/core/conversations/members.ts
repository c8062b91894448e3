import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ensureUsers, type UnknownUsers } from '../users/ensure.ts';
import { assertUsers, missingUsers } from '../users/open.ts';
import { announceMembers, forgetConversation } from './announce.ts';
import type { Conversation, MemberChange } from './conversation.ts';
import { assertRoomFor, memberLimits } from './limits.ts';

/**
 * Changes the owner and the member list in one step. `unknown` is about people who are added; a new owner must exist,
 * and people to remove need not. Throws `user-not-found`, `owner-stays`, `full`, `conversation-not-found`.
 */
export async function changeMembers(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>,
  app: App,
  conversation: Conversation,
  change: MemberChange,
  unknown: UnknownUsers,
): Promise<void> {
  const kind = conversation.kind === 'room' ? 'room' : 'group';
  const bounds = memberLimits(app, kind, conversation);
  if (change.owner !== undefined) await assertUsers(core, app, [change.owner]);
  if (change.remove) await missingUsers(core, app, change.remove);
  const added = change.replace ?? change.add ?? [];
  assertRoomFor(added.length, bounds);
  await ensureUsers(core, app, added, unknown);
  const { no, id } = conversation;
  const outcome = await core.store.conversations.changeMembers(app.no, no, change, bounds, core.clock.now());
  const place = { no, id, kind } as const;
  forgetConversation(core, app, place);
  if (outcome.removed.length > 0) announceMembers(core, app, 'members-removed', place, outcome.removed, outcome);
  if (outcome.added.length > 0) announceMembers(core, app, 'members-added', place, outcome.added, outcome);
}
