import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { leaveTwin } from '../guests/leave.ts';
import { settleTwins } from '../guests/settle.ts';
import { askHook } from '../hooks/ask.ts';
import type { PrincipalKey } from '../ids.ts';
import { ensureUsers, type UnknownUsers } from '../users/ensure.ts';
import { assertUsers, missingUsers } from '../users/open.ts';
import type { Conversation } from './conversation.ts';
import { deletedKeepMs } from './erase.ts';
import { assertRoomFor, memberLimits } from './limits.ts';
import type { MemberChange, MemberOutcome } from './member.ts';
import { tellMembers } from './tell-members.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'clock' | 'hooks'>;

/**
 * Changes the owner and the member list in one step. `unknown` is about people who are added; a new owner must exist,
 * and people to remove need not. Who was not changed is named in the outcome where the rule is not all or nothing.
 * Throws `user-not-found`, `conversation-not-found`, `wrong-kind`, `rejected-by-app`, and what the rule makes an error:
 * `owner-stays`, `full`, `already`, `not-a-member`, `blocked`, `forbidden`. A twin's people only leave it (guests/leave.ts).
 */
export async function changeMembers(
  core: Ports,
  app: App,
  conversation: Conversation,
  wanted: MemberChange,
  unknown: UnknownUsers,
  origin?: Origin,
): Promise<MemberOutcome> {
  const left = await leaveTwin(core, app, conversation, wanted, origin);
  if (left) return left;
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
  await tellMembers(core, app, { no, id, kind }, change.rule?.by, outcome, origin);
  if (outcome.ts > 0) await settleTwins(core, app, { no, id, kind }, outcome.added);
  return outcome;
}

/** An application's hook may leave people out, or refuse. */
async function asHooksSay(
  core: Ports,
  app: App,
  conversation: Conversation,
  change: MemberChange,
): Promise<MemberChange> {
  if (!core.hooks?.wants(app, 'add') && !core.hooks?.wants(app, 'remove')) return change;
  const who = change.rule?.by ?? null;
  const ask = async (hook: 'add' | 'remove', members: readonly PrincipalKey[] | undefined) => {
    if (!members || members.length === 0) return members;
    return (await askHook(core, app, { hook, who, conversation, members })).members ?? members;
  };
  if (change.replace) {
    // What a list in the place of another means: it may be refused, and not be changed.
    const before = await core.store.conversations.roster(app.no, conversation.no);
    const after = new Set(change.replace);
    await ask(
      'add',
      change.replace.filter((one) => !before.includes(one)),
    );
    await ask(
      'remove',
      before.filter((one) => !after.has(one)),
    );
    return change;
  }
  return { ...change, add: await ask('add', change.add), remove: await ask('remove', change.remove) };
}
