// Changes of a member list and of the owner. Everything is decided after the conversation's head was taken, so that
// limits and the owner's rule are exact under any number of callers.
import type {
  ConversationKind,
  Member,
  MemberChange,
  MemberLimits,
  MemberOutcome,
} from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import { living, notFound } from './conversations.ts';
import { bit, list, pieces, type Tx, unique } from './db.ts';

type Joining = {
  conv: number;
  kind: ConversationKind;
  who: string;
  role: Member['role'];
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

/** Throws `full` (what: memberships) when one of `who` could not join another conversation of that kind. */
export async function assertMemberships(
  tx: Tx,
  app: number,
  who: readonly string[],
  kind: ConversationKind,
  max: number,
): Promise<void> {
  for (const one of who) {
    const row = await tx.one<{ count: number }>(
      'select count(*) as count from members where app = ? and who = ? and kind = ?',
      app,
      one,
      kind,
    );
    if ((row?.count ?? 0) >= max)
      throw new ImError('full', `a user may be in ${max} ${kind}s`, { what: 'memberships', kind, max });
  }
}

type Plan = {
  added: string[];
  removed: string[];
  owner: string | null;
  /** The new owner comes in without being shown in the list. */
  ownerUnlisted: boolean;
  listings: [who: string, listed: boolean][];
};
type Standing = Map<string, { listed: boolean }>;

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

  const plan = planChange(change, row.owner, await standing(tx, app, no, row.owner, change));
  const unchanged = plan.added.length + plan.removed.length + plan.listings.length === 0 && plan.owner === row.owner;
  if (unchanged) return { added: [], removed: [], owner: row.owner, ts: 0, prev: 0 };

  const members = head.members + plan.added.length - plan.removed.length;
  if (plan.added.length > 0) {
    const max = Math.min(limits.membersMax, row.member_max ?? limits.membersMax);
    if (members > max)
      throw new ImError('full', `this ${row.kind} may have ${max} members`, { what: 'members', kind: row.kind, max });
    await assertMemberships(tx, app, plan.added, row.kind, limits.membershipsMax);
  }
  const ts = Math.max(now, head.ts + 1);
  await apply(tx, app, no, row.kind, row.owner, plan, ts, now);
  await tx.run('update heads set ts = ?, prev_ts = ts, members = ? where app = ? and no = ?', ts, members, app, no);
  await tx.run(
    'update conversations set owner = ?, updated_at = ?, info_at = ? where app = ? and no = ?',
    plan.owner,
    now,
    now,
    app,
    no,
  );
  return { added: plan.added, removed: plan.removed, owner: plan.owner, ts, prev: head.ts };
}

/** The members the change speaks of: all of them only when the whole list is replaced. */
async function standing(
  tx: Tx,
  app: number,
  no: number,
  owner: string | null,
  change: MemberChange,
): Promise<Standing> {
  const found: Standing = new Map();
  const keep = (rows: { who: string; listed: number }[]) => {
    for (const row of rows) found.set(row.who, { listed: row.listed === 1 });
  };
  const select = 'select who, listed from members where app = ? and conv = ?';
  if (change.replace) {
    keep(await tx.all(`${select} order by n`, app, no));
    return found;
  }
  const named = [owner, change.owner, ...(change.add ?? []), ...(change.remove ?? [])].filter(
    (who) => who !== null && who !== undefined,
  );
  for (const piece of pieces(unique(named))) {
    const some = list(piece);
    keep(await tx.all(`${select} and who in ${some.sql}`, app, no, ...some.values));
  }
  return found;
}

/** What has to happen, from what is asked and who is in. Throws `owner-stays`. */
function planChange(change: MemberChange, before: string | null, members: Standing): Plan {
  const owner = change.owner ?? before;
  const added: string[] = [];
  const listings: Plan['listings'] = [];
  const list = (who: string, listed: boolean) => {
    const known = members.get(who);
    if (!known) added.push(who);
    else if (known.listed !== listed) listings.push([who, listed]);
  };
  const named = unique(change.replace ?? change.add ?? []);
  const leaving = new Set(change.replace ? [] : change.remove);
  if (owner !== null && leaving.has(owner)) throw new ImError('owner-stays', 'the owner cannot be removed');
  for (const who of named) if (!leaving.has(who)) list(who, true);
  const ownerUnlisted = owner !== null && !named.includes(owner);
  if (ownerUnlisted) {
    // Named nowhere: a new owner who was no member comes in unlisted; a whole new list without the owner unlists him.
    if (!members.has(owner)) added.push(owner);
    else if (change.replace) list(owner, false);
  }
  const stays = change.replace && new Set([...named, owner]);
  const removed = [...members.keys()].filter((who) => (stays ? !stays.has(who) : leaving.has(who)));
  // Whoever was owner is from now on one of the list.
  if (before !== null && before !== owner && !removed.includes(before) && !named.includes(before)) list(before, true);
  return { added, removed, owner, ownerUnlisted, listings };
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
    await tx.run(`delete from cards where app = ? and conv = ? and who in ${some.sql}`, app, no, ...some.values);
    await tx.run(`delete from members where app = ? and conv = ? and who in ${some.sql}`, app, no, ...some.values);
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
