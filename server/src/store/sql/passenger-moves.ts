// A passenger becomes a user: what was said stays where it is, under the new name. The passenger is no more.
import type { MovedTalk } from '../../core/accounts/account.ts';
import { ImError } from '../../core/errors.ts';
import { pairClaim, passengerKey } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { Tx } from './db.ts';

/**
 * Throws `passenger-not-found`. The newest talks first; one that the user has already with the same other stays the
 * passenger's, and so does what is more than limits.passengerMovesMax messages in all.
 */
export async function movePassenger(
  tx: Tx,
  app: number,
  passenger: string,
  user: string,
  now: number,
): Promise<MovedTalk> {
  const gone = await tx.run('delete from passengers where app = ? and id = ?', app, passenger);
  if (gone === 0) throw new ImError('passenger-not-found', 'passenger not found', { what: 'passenger' });
  const key = passengerKey(passenger);
  const talks = await tx.all<{ no: number; other: string; creator: string | null; created_at: number }>(
    `select c.no, o.who as other, c.creator, c.created_at from members m
     join members o on o.app = m.app and o.conv = m.conv and o.who <> m.who
     join conversations c on c.app = m.app and c.no = m.conv
     join heads h on h.app = c.app and h.no = c.no
     where m.app = ? and m.who = ? and m.kind = 'direct' and c.deleted_at is null order by h.last_ts desc, m.n desc limit ?`,
    app,
    key,
    limits.passengerMovesMax,
  );
  const conversations: { no: number; other: string }[] = [];
  let left: number = limits.passengerMovesMax;
  for (const { no, other, creator, created_at } of talks) {
    const claim = pairClaim(user, other);
    const taken = await tx.one('select conv from claims where app = ? and claim = ?', app, claim);
    if (taken || other === user) continue;
    const rows = await rowsOf(tx, app, no, left);
    if (rows > left) continue;
    left -= rows;
    await tx.run('update claims set claim = ? where app = ? and claim = ?', claim, app, pairClaim(key, other));
    await moveRows(tx, app, no, key, user);
    await meet(tx, app, user, other, { no, firstBy: creator === key ? user : other, since: created_at });
    await tx.run('update conversations set updated_at = ? where app = ? and no = ?', now, app, no);
    conversations.push({ no, other });
  }
  // Who had blocked the passenger goes on blocking him.
  await tx.run(
    'insert into blocks (app, by_key, target, since) select app, by_key, ?, since from blocks where app = ? and target = ? on conflict do nothing',
    user,
    app,
    key,
  );
  await tx.run('delete from blocks where app = ? and target = ?', app, key);
  return { conversations };
}

/** How many messages a talk has; counted to one more than `most`. */
async function rowsOf(tx: Tx, app: number, no: number, most: number): Promise<number> {
  const row = await tx.one<{ count: number }>(
    'select count(*) as count from (select 1 as one from messages where app = ? and conv = ? limit ?) s',
    app,
    no,
    most + 1,
  );
  return row?.count ?? 0;
}

async function moveRows(tx: Tx, app: number, no: number, from: string, to: string): Promise<void> {
  await tx.run(
    "update messages set sender = ?, sender_kind = 'user' where app = ? and conv = ? and sender = ?",
    to,
    app,
    no,
    from,
  );
  for (const table of ['members', 'cards', 'marks', 'hides', 'silences'])
    await tx.run(`update ${table} set who = ? where app = ? and conv = ? and who = ?`, to, app, no, from);
  await tx.run('update conversations set creator = ? where app = ? and no = ? and creator = ?', to, app, no, from);
}

/** The two are strangers to each other, who have met. */
async function meet(
  tx: Tx,
  app: number,
  user: string,
  other: string,
  { no, firstBy, since }: { no: number; firstBy: string; since: number },
): Promise<void> {
  for (const [who, whom] of [
    [user, other],
    [other, user],
  ] as const)
    await tx.run(
      'insert into strangers (app, who, other, conv, first_by, since) values (?, ?, ?, ?, ?, ?) on conflict do nothing',
      app,
      who,
      whom,
      no,
      firstBy,
      since,
    );
}
