// After a change of members: what was remembered is forgotten, live sessions hear of it, hooks too.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { tellHook } from '../hooks/ask.ts';
import type { PrincipalKey } from '../ids.ts';
import { announce, announceDeleted, announceMembers, forgetConversation } from './announce.ts';
import type { ConversationKey } from './conversation.ts';
import type { MemberOutcome } from './member.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'hooks'>;

/** After people came or went: whoever is concerned hears of it. */
export async function tellMembers(
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
