import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { askHook, tellHook } from '../hooks/ask.ts';
import type { PrincipalKey } from '../ids.ts';
import { ensureUsers, type UnknownUsers } from '../users/ensure.ts';
import { assertUsers, missingUsers } from '../users/open.ts';
import { announce, announceDeleted, announceMembers, forgetConversation } from './announce.ts';
import type { Conversation, ConversationKey } from './conversation.ts';
import { deletedKeepMs } from './erase.ts';
import { assertRoomFor, memberLimits } from './limits.ts';
import type { MemberChange, MemberOutcome } from './member.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>;

/**
 * Changes the owner and the member list in one step. `unknown` is about people who are added; a new owner must exist,
 * and people to remove need not. Who was not changed is named in the outcome where the rule is not all or nothing.
 * Throws `user-not-found`, `conversation-not-found`, `wrong-kind`, `rejected-by-app`, and what the rule makes an error:
 * `owner-stays`, `full`, `already`, `not-a-member`, `blocked`, `forbidden`.
 */
export async function changeMembers(
  core: Ports,
  app: App,
  conversation: Conversation,
  wanted: MemberChange,
  unknown: UnknownUsers,
  origin?: Origin,
): Promise<MemberOutcome> {
  const bounds = memberLimits(app, conversation.kind, conversation, wanted.membershipsMax);
  const change = await asHooksSay(core, app, conversation, wanted);
  if (change.owner !== undefined) await assertUsers(core, app, [change.owner], unknown);
  if (change.remove) await missingUsers(core, app, change.remove, unknown);
  const added = change.replace ?? change.add ?? [];
  assertRoomFor(added.length, bounds);
  await ensureUsers(core, app, added, unknown);
  const { no, id } = conversation;
  const now = core.clock.now();
  const keepMs = deletedKeepMs(app);
  const outcome = await core.store.conversations.changeMembers(app.no, no, { ...change, keepMs }, bounds, now);
  const kind = outcome.becameGroup ? 'group' : conversation.kind;
  await tell(core, app, { no, id, kind }, change.rule?.by, outcome, origin);
  return outcome;
}

/** An application's hook may leave people out, or refuse. */
async function asHooksSay(
  core: Ports,
  app: App,
  conversation: Conversation,
  change: MemberChange,
): Promise<MemberChange> {
  if (!core.hooks) return change;
  const who = change.rule?.by ?? null;
  const ask = async (hook: 'add' | 'remove', members: readonly PrincipalKey[] | undefined) => {
    if (!members || members.length === 0) return members;
    return (await askHook(core, app, { hook, who, conversation, members })).members ?? members;
  };
  return { ...change, add: await ask('add', change.add), remove: await ask('remove', change.remove) };
}

async function tell(
  core: Ports,
  app: App,
  conversation: ConversationKey,
  by: PrincipalKey | undefined,
  outcome: MemberOutcome,
  origin: Origin | undefined,
): Promise<void> {
  const { added, removed, owner, ownerChanged, deleted, becameGroup, ts, prev } = outcome;
  forgetConversation(core, app, conversation);
  if (ts === 0) return;
  if (deleted) await announceDeleted(core, app, conversation, removed, ts, by, origin);
  const common = { app: app.no, conversation, by, ts, origin } as const;
  const newOwner = ownerChanged ? { newOwner: owner } : {};
  if (removed.length > 0 && !deleted)
    await announceMembers(core, app, { ...common, ...newOwner, type: 'members-removed', who: removed, prev });
  if (added.length > 0) {
    const everybody = becameGroup ? await everybodyIn(core, app, conversation) : undefined;
    await announceMembers(core, app, { ...common, ...newOwner, type: 'members-added', who: added, prev, everybody });
  }
  if (ownerChanged && owner !== null && !deleted)
    await announce(core, app, { ...common, type: 'role-changed', who: [owner], role: 'owner' });
  if (removed.length > 0) tellHook(core, app, { hook: 'removed', who: by ?? null, conversation, members: removed });
  if (added.length > 0) tellHook(core, app, { hook: 'added', who: by ?? null, conversation, members: added });
}

/** The two of a pair heard of it on their own topics only: from now on they hear it as a group's members do. */
async function everybodyIn(
  core: Pick<Core, 'store' | 'facts'>,
  app: App,
  { no }: ConversationKey,
): Promise<PrincipalKey[]> {
  const roster = await core.store.conversations.roster(app.no, no);
  for (const a of roster) for (const b of roster) if (a < b) core.facts.forgetPair(app.no, a, b);
  return roster;
}
