// What a change of members comes to, from what is asked, the rule, and who is in. Pure; read and applied under the lock.
import type { MemberChange, MemberRule, Refusal } from '../../core/conversations/member.ts';
import { ImError, type ImErrorCode, type ImErrorDetails } from '../../core/errors.ts';
import { unique } from './db.ts';

export type Known = { readonly listed: boolean; readonly role: 'owner' | 'manager' | 'member' };

export type Standing = {
  readonly owner: string | null;
  readonly count: number;
  /** Those the change speaks of that are in; everybody where the whole list is replaced. */
  readonly members: ReadonlyMap<string, Known>;
  /** Those the conversation keeps away. */
  readonly blocked: ReadonlySet<string>;
  /** Those who have blocked the conversation: they come by themselves or not at all. */
  readonly unwilling: ReadonlySet<string>;
  /** Those who are in too many conversations of that kind already. */
  readonly busy: ReadonlySet<string>;
  readonly membersMax: number;
  readonly membershipsMax: number;
  readonly kind: string;
};

export type Plan = {
  added: string[];
  removed: string[];
  /** `next`: whoever has been in longest of those who stay. */
  owner: string | null | 'next';
  /** The new owner comes in without being shown in the list. */
  ownerUnlisted: boolean;
  listings: [who: string, listed: boolean][];
  refused: Refusal[];
};

/** Throws the first refusal where the rule is all or nothing. */
export function planChange(change: MemberChange, rule: MemberRule, standing: Standing): Plan {
  return change.replace ? planReplace(change, change.replace, standing) : planSteps(change, rule, standing);
}

const refuse = (who: string, code: ImErrorCode, details: ImErrorDetails = {}): Refusal => ({ who, code, details });

const sentences: Partial<Record<ImErrorCode, string>> = {
  'owner-stays': 'the owner cannot be removed',
  full: 'there is no room for so many',
  already: 'a member already',
  'not-a-member': 'not a member of this conversation',
  blocked: 'kept away from this conversation by a block',
  forbidden: 'not allowed to remove this member',
};
export const thrown = ({ code, details }: Refusal): ImError => new ImError(code, sentences[code] ?? code, details);

function planSteps(change: MemberChange, rule: MemberRule, standing: Standing): Plan {
  const plan: Plan = { added: [], removed: [], owner: standing.owner, ownerUnlisted: false, listings: [], refused: [] };
  const leaving = new Set(change.remove);
  const adds = unique(change.add ?? []).filter((who) => rule.mode === 'add-then-remove' || !leaving.has(who));
  for (const who of adds) planAdd(who, plan, change, rule, standing);
  if (rule.mode !== 'per-id') throwFirst(plan.refused);
  planOwner(plan, change, standing);

  const removal = unique(change.remove ?? []).map((who) => ({ who, why: mayRemove(who, plan, rule, standing) }));
  const refused = removal.flatMap(({ why }) => (why && why !== 'absent' ? [why] : []));
  if (rule.mode === 'all-or-nothing') throwFirst(refused);
  plan.refused.push(...refused);
  if (rule.mode === 'add-then-remove' && refused.length > 0) return plan;
  for (const { who, why } of removal) if (!why) plan.removed.push(who);
  plan.added = plan.added.filter((who) => !plan.removed.includes(who));
  plan.removed = plan.removed.filter((who) => standing.members.has(who));
  if (plan.owner !== null && plan.removed.includes(plan.owner))
    plan.owner = rule.ownerLeaves === 'vacant' ? null : 'next';
  return plan;
}

function throwFirst([first]: readonly Refusal[]): void {
  if (first) throw thrown(first);
}

function planAdd(who: string, plan: Plan, change: MemberChange, rule: MemberRule, standing: Standing): void {
  const { kind, membersMax, membershipsMax, members } = standing;
  const known = members.get(who);
  if (known) {
    if (!known.listed) plan.listings.push([who, true]);
    else if (rule.already === 'error') plan.refused.push(refuse(who, 'already', { what: 'member', kind }));
    return;
  }
  const kept = standing.blocked.has(who)
    ? 'conversation'
    : standing.unwilling.has(who) && rule.by !== who
      ? 'user'
      : undefined;
  if (kept !== undefined && rule.blocked !== 'ignore') {
    if (rule.blocked === 'error') plan.refused.push(refuse(who, 'blocked', { purpose: 'change', kind, by: kept }));
    return;
  }
  // Who leaves in the same step makes room.
  const leaving = rule.mode === 'all-or-nothing' ? (change.remove ?? []).filter((one) => members.has(one)).length : 0;
  if (standing.count + plan.added.length + 1 - leaving > membersMax) {
    plan.refused.push(refuse(who, 'full', { what: 'members', kind, max: membersMax }));
  } else if (standing.busy.has(who)) {
    plan.refused.push(refuse(who, 'full', { what: 'memberships', kind, max: membershipsMax }));
  } else plan.added.push(who);
}

/** A new owner who is named nowhere comes in unlisted; whoever was owner is from now on one of the list. */
function planOwner(plan: Plan, { owner, ownerAmong, remove }: MemberChange, standing: Standing): void {
  const before = standing.owner;
  if (owner === undefined || owner === before) return;
  const known = standing.members.get(owner);
  if (ownerAmong && !known) throw thrown(refuse(owner, 'not-a-member', { purpose: 'change', kind: standing.kind }));
  plan.owner = owner;
  if (!known && !plan.added.includes(owner)) {
    const { kind, count, membersMax, membershipsMax } = standing;
    if (count + plan.added.length + 1 > membersMax)
      throw thrown(refuse(owner, 'full', { what: 'members', kind, max: membersMax }));
    if (standing.busy.has(owner))
      throw thrown(refuse(owner, 'full', { what: 'memberships', kind, max: membershipsMax }));
    plan.added.push(owner);
    plan.ownerUnlisted = true;
  }
  if (before !== null && !remove?.includes(before) && standing.members.get(before)?.listed === false)
    plan.listings.push([before, true]);
}

/** undefined: yes. `absent`: there is nobody to remove, and that is fine. */
function mayRemove(who: string, plan: Plan, rule: MemberRule, standing: Standing): Refusal | 'absent' | undefined {
  const { kind, members, count } = standing;
  const known = members.get(who);
  if (!known && !plan.added.includes(who)) {
    return rule.absent === 'error' ? refuse(who, 'not-a-member', { purpose: 'change', kind }) : 'absent';
  }
  if (who === plan.owner && (rule.ownerLeaves === 'refuse' || (rule.roles && count > 2)))
    return refuse(who, 'owner-stays', { kind });
  if (!rule.roles || rule.by === undefined || rule.by === who) return undefined;
  const mine = members.get(rule.by)?.role;
  const allowed = mine === 'owner' || (mine === 'manager' && known?.role === 'member');
  return allowed ? undefined : refuse(who, 'forbidden', { purpose: 'change', kind });
}

/** The whole list anew: the owner cannot be lost this way, and is shown when the list names him. */
function planReplace(change: MemberChange, replace: readonly string[], standing: Standing): Plan {
  const { members, kind, membersMax, membershipsMax } = standing;
  const before = standing.owner;
  const owner = change.owner ?? before;
  const named = unique(replace);
  const stays = new Set([...named, owner]);
  const plan: Plan = {
    added: named.filter((who) => !members.has(who)),
    removed: [...members.keys()].filter((who) => !stays.has(who)),
    owner,
    ownerUnlisted: owner !== null && !named.includes(owner),
    listings: named.filter((who) => members.get(who)?.listed === false).map((who) => [who, true]),
    refused: [],
  };
  if (owner !== null && plan.ownerUnlisted) {
    if (!members.has(owner)) plan.added.push(owner);
    else if (members.get(owner)?.listed) plan.listings.push([owner, false]);
  }
  const count = standing.count + plan.added.length - plan.removed.length;
  if (plan.added.length > 0 && count > membersMax)
    throw thrown(refuse('', 'full', { what: 'members', kind, max: membersMax }));
  const busy = plan.added.find((who) => standing.busy.has(who));
  if (busy !== undefined) throw thrown(refuse(busy, 'full', { what: 'memberships', kind, max: membershipsMax }));
  return plan;
}
