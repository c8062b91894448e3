// Friendships: a row for each direction, one id. Strangers: two users who talked without being friends.
import { ImError } from '../../core/errors.ts';
import type { Friend, FriendNote, FriendReads, Friendship, FriendWrites } from '../../core/friends/friend.ts';
import { hexId, pairClaim } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { type Db, list, pieces, type Tx, unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';
import { recordStrangers, stranger, strangers } from './strangers.ts';

type FriendRow = { id: string; from_user: string; since: number };

async function between(db: Db, app: number, a: string, b: string): Promise<Friendship | undefined> {
  const row = await db.one<FriendRow>(
    'select id, from_user, since from friends where app = ? and who = ? and other = ?',
    app,
    a,
    b,
  );
  return row && { id: row.id, from: row.from_user, to: row.from_user === a ? b : a, since: row.since };
}

export const friendReads: SliceReads<FriendReads> = {
  between,

  async list(db, app, who) {
    const rows = await db.all<{ other: string; kind_no: number | null; note: string | null; since: number }>(
      `select f.other, f.note, f.since, u.kind_no from friends f left join users u on u.app = f.app and u.id = f.other
       where f.app = ? and f.who = ? order by f.n`,
      app,
      who,
    );
    const directs = await directsOf(
      db,
      app,
      who,
      rows.map((row) => row.other),
    );
    return rows.map(({ other, kind_no, note, since }): Friend => {
      const direct = directs.get(pairClaim(who, other));
      const friend = { id: other, kindNo: kind_no, since, note: JSON.parse(note ?? '{}') as FriendNote };
      return direct ? { ...friend, direct } : friend;
    });
  },

  async ids(db, app, who) {
    const rows = await db.all<{ other: string }>(
      'select other from friends where app = ? and who = ? order by n',
      app,
      who,
    );
    return rows.map((row) => row.other);
  },

  stranger,
  strangers,
};

/** By claim: the direct conversations that `who` has with some of `others`. */
async function directsOf(
  db: Db,
  app: number,
  who: string,
  others: readonly string[],
): Promise<Map<string, { no: number; lastTs: number }>> {
  const found = new Map<string, { no: number; lastTs: number }>();
  for (const piece of pieces(others)) {
    const some = list(piece.map((other) => pairClaim(who, other)));
    const rows = await db.all<{ claim: string; no: number; last_ts: number }>(
      `select k.claim, h.no, h.last_ts from claims k join heads h on h.app = k.app and h.no = k.conv where k.app = ? and k.claim in ${some.sql}`,
      app,
      ...some.values,
    );
    for (const row of rows) found.set(row.claim, { no: row.no, lastTs: row.last_ts });
  }
  return found;
}

async function assertRoom(tx: Tx, app: number, who: string, adding: number): Promise<void> {
  const row = await tx.one<{ count: number }>(
    'select count(*) as count from friends where app = ? and who = ?',
    app,
    who,
  );
  if ((row?.count ?? 0) + adding > limits.friendsPerUserMax) {
    throw new ImError('full', `a user may have ${limits.friendsPerUserMax} friends`, {
      what: 'friends',
      max: limits.friendsPerUserMax,
    });
  }
}

export const friendWrites: SliceWrites<FriendWrites> = {
  async join(tx, app, from, to, now, strict) {
    const friendships: Friendship[] = [];
    let added = 0;
    for (const other of to) {
      if (other === from) throw new ImError('conflict', 'nobody is a friend of himself', { what: 'self' });
      const known = await between(tx, app, from, other);
      if (known && strict) throw new ImError('already', 'the two are friends already', { what: 'friend' });
      if (known) {
        friendships.push(known);
        continue;
      }
      await assertRoom(tx, app, other, 1);
      const friendship: Friendship = { id: hexId(16), from, to: other, since: now };
      for (const [who, whom] of [
        [from, other],
        [other, from],
      ] as const) {
        await tx.run(
          'insert into friends (app, who, other, id, from_user, since, n) values (?, ?, ?, ?, ?, ?, ?)',
          app,
          who,
          whom,
          friendship.id,
          from,
          now,
          await tx.nextNo('order'),
        );
      }
      friendships.push(friendship);
      added++;
    }
    if (added > 0) await assertRoom(tx, app, from, 0);
    return friendships;
  },

  async part(tx, app, who, others, strict) {
    const parted: string[] = [];
    for (const other of unique(others)) {
      const rows = await tx.run(
        'delete from friends where app = ? and ((who = ? and other = ?) or (who = ? and other = ?))',
        app,
        who,
        other,
        other,
        who,
      );
      if (rows > 0) parted.push(other);
      else if (strict) throw new ImError('absent', 'the two are not friends', { what: 'friend' });
    }
    return parted;
  },

  async note(tx, app, who, notes) {
    for (const { other, note } of notes) {
      const row = await tx.one<{ note: string | null }>(
        'select note from friends where app = ? and who = ? and other = ?',
        app,
        who,
        other,
      );
      if (!row) throw new ImError('absent', 'the two are not friends', { what: 'friend' });
      const after = Object.entries({ ...(JSON.parse(row.note ?? '{}') as FriendNote), ...note });
      await tx.run(
        'update friends set note = ? where app = ? and who = ? and other = ?',
        JSON.stringify(Object.fromEntries(after.filter(([, text]) => text !== ''))),
        app,
        who,
        other,
      );
    }
  },

  recordStrangers,
};
