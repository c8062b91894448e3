// One batch as one transaction: prove that the node still lives, lock the principals in one order, read, plan, write.
import type { Client, Tx } from './client.ts';
import { Refused } from './client.ts';
import { type Answer, type Change, type Key, type Person, personKey, plan } from './plan.ts';

/** The node's row is gone or taken: what it wrote is being taken out, and it needs another name. */
export class Expelled extends Refused {
  override readonly name = 'Expelled';
}

export const apply = (client: Client, node: string, changes: readonly Change[]): Promise<Answer[]> =>
  client.transaction(async (tx) => {
    // Shared: whoever wants to take this node out waits until the batch is in, and then takes that out as well.
    const alive = await tx.all('select 1 from presence_nodes where node = $1 and taken_by is null for share', [node]);
    if (alive.length === 0) throw new Expelled('this node has been taken out');
    const people = await lockPeople(
      tx,
      changes.filter(({ kind }) => kind === 'enter' || kind === 'leave'),
    );
    const { answers, entered, left, emptied, loud, attended, unattended } = plan(changes, people);
    await removeSessions(tx, left);
    await putSessions(tx, node, entered);
    if (unattended.length > 0)
      await tx.all(
        `delete from presence_rooms r using unnest($1::bigint[], $2::bigint[], $3::text[]) as x (app, room, session)
         where r.app = x.app and r.room = x.room and r.session = x.session`,
        [appsOf(unattended), unattended.map(({ room }) => room), sessionsOf(unattended)],
      );
    if (attended.length > 0)
      await tx.all(
        `insert into presence_rooms (app, room, session, who, node)
         select app, room, session, who, $5 from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as x (app, room, session, who)
         on conflict (app, room, session) do update set node = excluded.node`,
        [appsOf(attended), attended.map(({ room }) => room), sessionsOf(attended), whosOf(attended), node],
      );
    await removePeople(tx, emptied);
    if (loud.length > 0)
      await tx.all(
        `update presence_people p set to_all = true from unnest($1::bigint[], $2::text[]) as x (app, who)
         where p.app = x.app and p.who = x.who`,
        [appsOf(loud), whosOf(loud)],
      );
    return answers;
  });

type Named = { readonly app: number; readonly who: string };

const appsOf = (list: readonly { readonly app: number }[]): number[] => list.map(({ app }) => app);
const whosOf = (list: readonly Named[]): string[] => list.map(({ who }) => who);
const sessionsOf = (list: readonly Key[]): string[] => list.map(({ session }) => session);

/** Makes the rows that are missing; all are locked until the end of the transaction, by everybody in the same order. */
export async function lockPeople(tx: Tx, named: readonly Named[]): Promise<Person[]> {
  if (named.length === 0) return [];
  const people = await tx.all<{ app: string; who: string; to_all: boolean }>(
    `insert into presence_people (app, who, to_all)
     select app, who, false from (select distinct app, who collate "C" as who from unnest($1::bigint[], $2::text[]) as x (app, who)) d
     order by app, who
     on conflict (app, who) do update set to_all = presence_people.to_all returning app, who, to_all`,
    [appsOf(named), whosOf(named)],
  );
  // A statement of its own: it sees what those have committed whom the lock waited for.
  const rows = await tx.all<{ app: string; who: string; session: string }>(
    `select s.app, s.who, s.session from unnest($1::bigint[], $2::text[]) as x (app, who)
     join presence_sessions s on s.app = x.app and s.who = x.who`,
    [people.map(({ app }) => app), whosOf(people as unknown as Named[])],
  );
  const sessions = new Map<string, string[]>();
  for (const { app, who, session } of rows) {
    const key = personKey(Number(app), who);
    const his = sessions.get(key);
    if (his) his.push(session);
    else sessions.set(key, [session]);
  }
  return people.map(({ app, who, to_all }) => ({
    app: Number(app),
    who,
    toAll: to_all,
    sessions: sessions.get(personKey(Number(app), who)) ?? [],
  }));
}

export async function removeSessions(tx: Tx, left: readonly Key[]): Promise<void> {
  if (left.length === 0) return;
  await tx.all(
    `delete from presence_sessions s using unnest($1::bigint[], $2::text[], $3::text[]) as x (app, who, session)
     where s.app = x.app and s.who = x.who and s.session = x.session`,
    [appsOf(left), whosOf(left), sessionsOf(left)],
  );
  await tx.all('delete from presence_rooms where session = any($1::text[])', [sessionsOf(left)]);
}

async function putSessions(tx: Tx, node: string, entered: readonly Key[]): Promise<void> {
  if (entered.length === 0) return;
  await tx.all(
    `insert into presence_sessions (app, who, session, node)
     select app, who, session, $4 from unnest($1::bigint[], $2::text[], $3::text[]) as x (app, who, session)
     on conflict (app, who, session) do update set node = excluded.node`,
    [appsOf(entered), whosOf(entered), sessionsOf(entered), node],
  );
}

export async function removePeople(tx: Tx, emptied: readonly Named[]): Promise<void> {
  if (emptied.length === 0) return;
  await tx.all(
    `delete from presence_people p using unnest($1::bigint[], $2::text[]) as x (app, who)
     where p.app = x.app and p.who = x.who`,
    [appsOf(emptied), whosOf(emptied)],
  );
}
