// What hangs on a conversation beside its row: roles, who is silenced without end, who is kept away, who subscribes.
import type { Loss, RestoredStanding } from '../../core/imports/import.ts';
import { conversationSubject } from '../../core/subjects.ts';
import type { Tx } from './db.ts';
import { insertMember } from './members.ts';
import { ensurePeople, nothing, type Outcome, type Place, placesOf } from './restore-slice.ts';

export async function restoreStandings(tx: Tx, app: number, rows: readonly RestoredStanding[]): Promise<Outcome> {
  const outcome = nothing();
  const places = await placesOf(
    tx,
    app,
    rows.map(({ id }) => id),
  );
  for (const row of rows) {
    const place = places.get(row.id);
    if (!place || place.deleted === 1) {
      outcome.losses.push({ what: 'conversation', id: row.id, reason: 'has roles or lists, and is not there' });
      continue;
    }
    const subscribers = row.subscribers?.map(({ who }) => who) ?? [];
    await ensurePeople(tx, app, [...subscribers, ...(row.silenced ?? []), ...(row.blocked ?? [])]);
    const lost = row.roles ? await setRoles(tx, app, place, row.roles) : [];
    outcome.losses.push(...lost);
    const moved =
      (await silence(tx, app, place.no, row.silenced ?? [])) +
      (await block(tx, app, place.no, row.blocked ?? [])) +
      (await subscribe(tx, app, place, row.subscribers ?? []));
    if (moved > 0) outcome.made += moved;
    else outcome.same += 1;
  }
  return outcome;
}

async function setRoles(
  tx: Tx,
  app: number,
  { no, id }: Place,
  roles: NonNullable<RestoredStanding['roles']>,
): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const { who, role } of roles) {
    const rows = await tx.run('update members set role = ? where app = ? and conv = ? and who = ?', role, app, no, who);
    if (rows === 0) losses.push({ what: 'member', id: `${id}/${who}`, reason: 'has a role, and is no member' });
    else if (role === 'owner')
      await tx.run('update conversations set owner = ? where app = ? and no = ?', who, app, no);
  }
  return losses;
}

async function silence(tx: Tx, app: number, no: number, who: readonly string[]): Promise<number> {
  let moved = 0;
  for (const one of who)
    moved += await tx.run(
      `insert into silences (app, conv, who, until, sticky, by_key, since) values (?, ?, ?, null, 1, null, ?)
       on conflict (app, conv, who) do nothing`,
      app,
      no,
      one,
      tx.now,
    );
  return moved;
}

async function block(tx: Tx, app: number, no: number, who: readonly string[]): Promise<number> {
  let moved = 0;
  for (const one of who)
    moved += await tx.run(
      'insert into blocks (app, by_key, target, since) values (?, ?, ?, ?) on conflict (app, by_key, target) do nothing',
      app,
      conversationSubject(no),
      one,
      tx.now,
    );
  return moved;
}

/** What was said before is not unread to anybody. */
async function subscribe(
  tx: Tx,
  app: number,
  { no }: Place,
  subscribers: NonNullable<RestoredStanding['subscribers']>,
): Promise<number> {
  if (subscribers.length === 0) return 0;
  const head = await tx.one<{ ts: number }>('select ts from heads where app = ? and no = ?', app, no);
  let joined = 0;
  for (const { who, at } of subscribers) {
    const there = await tx.one('select who from members where app = ? and conv = ? and who = ?', app, no, who);
    if (there) continue;
    await insertMember(
      tx,
      app,
      { conv: no, kind: 'service', who, role: 'member', listed: true, since: head?.ts ?? 0 },
      at,
    );
    joined += 1;
  }
  if (joined > 0) await tx.run('update heads set members = members + ? where app = ? and no = ?', joined, app, no);
  return joined;
}
