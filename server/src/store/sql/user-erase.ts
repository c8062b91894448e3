// Taking a user away with everything that hangs on him; what he said stays under his name.
import type { ConversationKind } from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Erased, UserWrites } from '../../core/users/user.ts';
import type { Tx } from './db.ts';
import { moveFacets } from './facets.ts';
import { changeMembers } from './members.ts';
import type { SliceWrites } from './slice.ts';

type Left = Erased['left'][number];
type Membership = { conv: number; id: string; kind: ConversationKind };

/** He goes from everything he is in; an owner is followed by whoever has been in longest; what is empty then, ends. */
const leaving = { mode: 'all-or-nothing', ownerLeaves: 'successor', whenEmpty: 'delete' } as const;
const unbounded = { membersMax: Number.MAX_SAFE_INTEGER, membershipsMax: Number.MAX_SAFE_INTEGER };

export const eraseUser: SliceWrites<UserWrites>['erase'] = async (tx, app, id, now, keepMs) => {
  const row = await tx.one<{ attributes: string }>('select attributes from users where app = ? and id = ?', app, id);
  if (!row) throw new ImError('user-not-found', 'there is no such user');
  const memberships = await tx.all<Membership>(
    `select m.conv, c.id, m.kind from members m join conversations c on c.app = m.app and c.no = m.conv
     where m.app = ? and m.who = ? order by m.n`,
    app,
    id,
  );
  const left: Left[] = [];
  const talkedWith: string[] = [];
  for (const membership of memberships) {
    if (membership.kind === 'direct') talkedWith.push(...(await retirePair(tx, app, membership.conv, id)));
    else if (membership.kind === 'thread') await retirePair(tx, app, membership.conv, id);
    else left.push(await leave(tx, app, membership, id, now, keepMs));
  }
  const friends = await tx.all<{ other: string }>(
    'select other from friends where app = ? and who = ? order by n',
    app,
    id,
  );
  await eraseRows(tx, app, id);
  await moveFacets(tx, app, 'user', id, JSON.parse(row.attributes) as JsonObject, {});
  await tx.run('delete from users where app = ? and id = ?', app, id);
  return { left, friends: friends.map(({ other }) => other), talkedWith };
};

async function leave(
  tx: Tx,
  app: number,
  { conv, id, kind }: Membership,
  who: string,
  now: number,
  keepMs?: number,
): Promise<Left> {
  const rule = kind === 'group' || kind === 'room' ? leaving : { ...leaving, whenEmpty: 'keep' as const };
  const { owner, ownerChanged, deleted, ts, prev } = await changeMembers(
    tx,
    app,
    conv,
    { remove: [who], rule, keepMs },
    unbounded,
    now,
  );
  return { no: conv, id, kind, owner, ownerChanged, deleted, ts, prev };
}

/** The conversation keeps its history and its other one; a later user of this name begins anew. Answers the other. */
async function retirePair(tx: Tx, app: number, conv: number, who: string): Promise<string[]> {
  await tx.run('delete from claims where app = ? and conv = ?', app, conv);
  await tx.run('delete from members where app = ? and conv = ? and who = ?', app, conv, who);
  const others = await tx.all<{ who: string }>('select who from members where app = ? and conv = ?', app, conv);
  return others.map((other) => other.who);
}

async function eraseRows(tx: Tx, app: number, id: string): Promise<void> {
  await tx.run(
    'delete from tokens where app = ? and account in (select id from accounts where app = ? and user_id = ?)',
    app,
    app,
    id,
  );
  await tx.run(
    'delete from providers where app = ? and account in (select id from accounts where app = ? and user_id = ?)',
    app,
    app,
    id,
  );
  for (const [table, ...columns] of [
    ['accounts', 'user_id'],
    ['installs', 'user_id'],
    ['friends', 'who', 'other'],
    ['strangers', 'who', 'other'],
    ['blocks', 'by_key', 'target'],
    ['quiets', 'who', 'target'],
    ['marks', 'who'],
    ['hides', 'who'],
    ['broadcast_marks', 'who'],
    ['device_tags', 'who'],
    ['device_rooms', 'who'],
  ] as const) {
    for (const column of columns) await tx.run(`delete from ${table} where app = ? and ${column} = ?`, app, id);
  }
}
