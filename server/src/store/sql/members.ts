// Changes of a member list and of the owner. Everything is decided after the conversation's head was taken, so that
// limits and the owner's rule are exact under any number of callers.
import type { ConversationKind } from '../../core/conversations/conversation.ts';
import {
  type MemberChange,
  type MemberLimits,
  type MemberOutcome,
  type MemberRole,
  type MemberRule,
  plainRule,
} from '../../core/conversations/member.ts';
import { ImError } from '../../core/errors.ts';
import { conversationSubject } from '../../core/subjects.ts';
import { among, blockers } from './blocks.ts';
import type { ConversationRow } from './conversation-row.ts';
import { living, notFound } from './conversations.ts';
import { bit, list, pieces, type Tx, unique } from './db.ts';
import { eraseConversation } from './erase.ts';
import { type Known, type Plan, planChange, type Standing } from './member-plan.ts';
import { moveClaim, openPair } from './member-sets.ts';

type Joining = {
  conv: number;
  kind: ConversationKind;
  who: string;
  role: MemberRole;
  listed: boolean;
  since: number;
};

export async function insertMember(tx: Tx, app: number, m: Joining, now: number): Promise<void> {
  await tx.run(
    'insert into members (app, conv, who, kind, role, listed, joined_at, since, n) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    app,
    m.conv,
    m.who,
    m.kind,
    m.role,
    bit(m.listed),
    now,
    m.since,
    await tx.nextNo('order'),
  );
}

/** Those of `who` that are in `max` conversations of that kind, or more. */
async function busyOf(
  tx: Tx,
  app: number,
  who: readonly string[],
  kind: ConversationKind,
  max: number,
): Promise<Set<string>> {
  const busy = new Set<string>();
  for (const piece of pieces(who)) {
    const some = list(piece);
    const rows = await tx.all<{ who: string }>(
      `select who from members where app = ? and who in ${some.sql} and kind = ? group by who having count(*) >= ?`,
      app,
      ...some.values,
      kind,
      max,
    );
    for (const row of rows) busy.add(row.who);
  }
  return busy;
}

/** Throws `full` (what: memberships) when one of `who` could not join another conversation of that kind. */
export async function assertMemberships(
  tx: Tx,
  app: number,
  who: readonly string[],
  kind: ConversationKind,
  max: number,
): Promise<void> {
  if ((await busyOf(tx, app, who, kind, max)).size > 0)
    throw new ImError('full', `a user may be in ${max} ${kind}s`, { what: 'memberships', kind, max });
}

export async function changeMembers(
  tx: Tx,
  app: number,
  no: number,
  change: MemberChange,
  limits: MemberLimits,
  now: number,
): Promise<MemberOutcome> {
  // Writing the head first takes its lock on every engine.
  const head = await tx.one<{ ts: number; members: number }>(
    'update heads set ts = ts where app = ? and no = ? returning ts, members',
    app,
    no,
  );
  if (!head) throw notFound();
  const row = await living(tx, app, no);
  if (row.kind === 'thread') throw new ImError('wrong-kind', 'a thread keeps its two', { kind: row.kind });
  const rule: MemberRule = { ...plainRule, ...change.rule };
  const standing = await standingOf(tx, app, row, change, rule, limits, head.members);
  const plan = planChange(change, rule, standing);

  const { added, removed, listings, refused } = plan;
  const same = { added: [], removed: [], owner: row.owner, ownerChanged: false, refused, deleted: false };
  if (added.length + removed.length + listings.length === 0 && plan.owner === row.owner)
    return { ...same, becameGroup: false, ts: 0, prev: 0 };

  const members = head.members + added.length - removed.length;
  if (members === 0 && rule.whenEmpty === 'delete') {
    await eraseConversation(tx, app, no, now, change.keepMs);
    return { ...same, removed, owner: null, deleted: true, becameGroup: false, ts: now, prev: head.ts };
  }
  const opened = row.kind === 'direct' ? await openPair(tx, app, row) : row;
  const owner = plan.owner === 'next' ? await nextOwner(tx, app, no, plan) : plan.owner;
  // A pair that becomes a group belongs to whoever made it, while he is in.
  const maker = opened.owner !== null && !removed.includes(opened.owner) ? opened.owner : null;
  const ownerNow = row.kind === 'direct' ? (owner ?? maker) : owner;
  const ts = Math.max(now, head.ts + 1);
  await apply(tx, app, no, opened.kind, row.owner, { ...plan, owner: ownerNow }, ts, now);
  await tx.run('update heads set ts = ?, prev_ts = ts, members = ? where app = ? and no = ?', ts, members, app, no);
  await tx.run(
    'update conversations set owner = ?, updated_at = ?, info_at = ? where app = ? and no = ?',
    ownerNow,
    now,
    now,
    app,
    no,
  );
  if (row.unique_set === 1) await moveClaim(tx, app, no, opened.kind);
  return {
    added,
    removed,
    owner: ownerNow,
    ownerChanged: ownerNow !== row.owner,
    refused,
    deleted: false,
    becameGroup: opened.kind !== row.kind,
    ts,
    prev: head.ts,
  };
}

/** What is known of those the change speaks of: of all members only when the whole list is replaced. */
async function standingOf(
  tx: Tx,
  app: number,
  row: ConversationRow,
  change: MemberChange,
  rule: MemberRule,
  limits: MemberLimits,
  count: number,
): Promise<Standing> {
  const members = new Map<string, Known>();
  const keep = (rows: readonly { who: string; listed: number; role: MemberRole }[]) => {
    for (const { who, listed, role } of rows) members.set(who, { listed: listed === 1, role });
  };
  const select = 'select who, listed, role from members where app = ? and conv = ?';
  const coming = [change.owner, ...(change.replace ?? change.add ?? [])].filter((who) => who !== undefined);
  if (change.replace) keep(await tx.all(`${select} order by n`, app, row.no));
  else {
    const named = [row.owner, rule.by, ...coming, ...(change.remove ?? [])];
    for (const piece of pieces(unique(named.filter((who) => who !== null && who !== undefined)))) {
      const some = list(piece);
      keep(await tx.all(`${select} and who in ${some.sql}`, app, row.no, ...some.values));
    }
  }
  const strangers = unique(coming).filter((who) => !members.has(who));
  const heeds = rule.blocked !== 'ignore' && strangers.length > 0;
  const subject = conversationSubject(row.no);
  return {
    owner: row.owner,
    count,
    members,
    blocked: new Set(heeds ? await among(tx, app, subject, strangers) : []),
    unwilling: new Set(heeds ? await blockers(tx, app, subject, strangers) : []),
    busy: await busyOf(tx, app, strangers, row.kind, limits.membershipsMax),
    membersMax: Math.min(limits.membersMax, row.member_max ?? limits.membersMax),
    membershipsMax: limits.membershipsMax,
    kind: row.kind,
  };
}

/** Whoever of those that stay has been in longest; null when nobody stays. */
async function nextOwner(tx: Tx, app: number, no: number, { added, removed }: Plan): Promise<string | null> {
  const gone = new Set(removed);
  const rows = await tx.all<{ who: string }>(
    'select who from members where app = ? and conv = ? order by n limit ?',
    app,
    no,
    removed.length + 1,
  );
  return rows.find(({ who }) => !gone.has(who))?.who ?? added[0] ?? null;
}

async function apply(
  tx: Tx,
  app: number,
  no: number,
  kind: ConversationKind,
  before: string | null,
  plan: Plan,
  ts: number,
  now: number,
): Promise<void> {
  for (const piece of pieces(plan.removed)) {
    const some = list(piece);
    const his = `where app = ? and conv = ? and who in ${some.sql}`;
    await tx.run(`delete from cards ${his}`, app, no, ...some.values);
    await tx.run(`delete from silences ${his} and sticky = 0`, app, no, ...some.values);
    await tx.run(`delete from members ${his}`, app, no, ...some.values);
  }
  for (const who of plan.added) {
    const listed = !(plan.ownerUnlisted && who === plan.owner);
    await insertMember(tx, app, { conv: no, kind, who, role: 'member', listed, since: ts }, now);
  }
  for (const [who, listed] of plan.listings) {
    await tx.run('update members set listed = ? where app = ? and conv = ? and who = ?', bit(listed), app, no, who);
  }
  if (before === plan.owner) return;
  const role = 'update members set role = ? where app = ? and conv = ? and who = ?';
  if (before !== null) await tx.run(role, 'member', app, no, before);
  if (plan.owner !== null) await tx.run(role, 'owner', app, no, plan.owner);
}
