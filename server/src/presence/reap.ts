// A node that died is taken out by whichever other node gets hold of it first, a slice at a time.
import type { Moved } from '../core/ports/presence.ts';
import { lockPeople, removePeople, removeSessions } from './apply.ts';
import { type Client, Refused } from './client.ts';
import { personKey } from './plan.ts';

const sliceSessions = 500;

type Row = { readonly app: number; readonly who: string; readonly session: string };

/** `tell` hears of each slice after its commit. Stops where another node has taken over. */
export async function takeOut(
  client: Client,
  { me, dead, leaseMs }: { readonly me: string; readonly dead: string; readonly leaseMs: number },
  tell: (moved: Moved[]) => Promise<void>,
): Promise<void> {
  const claimed = await client.all(
    `update presence_nodes set taken_by = $2, taken_until = now() + $3 * interval '1 millisecond'
     where node = $1 and lease_until <= now() and (taken_by is null or taken_until <= now()) returning node`,
    [dead, me, leaseMs],
  );
  for (let more = claimed.length > 0; more; ) {
    const moved = await slice(client, me, dead, leaseMs);
    more = moved.length > 0;
    if (more) await tell(moved.filter(({ sessions }) => sessions.length > 0));
  }
}

const slice = (client: Client, me: string, dead: string, leaseMs: number): Promise<Moved[]> =>
  client.transaction(async (tx) => {
    const mine = await tx.all(
      `update presence_nodes set taken_until = now() + $3 * interval '1 millisecond'
       where node = $1 and taken_by = $2 returning node`,
      [dead, me, leaseMs],
    );
    if (mine.length === 0) throw new Refused('another node takes it out');
    const seen = await tx.all<{ app: string; who: string }>(
      'select app, who from presence_sessions where node = $1 order by node, app, who limit $2',
      [dead, sliceSessions],
    );
    if (seen.length === 0) {
      await tx.all('delete from presence_duties where node = $1', [dead]);
      await tx.all('delete from presence_nodes where node = $1', [dead]);
      return [];
    }
    const people = await lockPeople(
      tx,
      seen.map(({ app, who }) => ({ app: Number(app), who })),
    );
    // Some may have moved to their node's new name before the lock.
    const rows = await tx.all<{ app: string; who: string; session: string }>(
      `select s.app, s.who, s.session from unnest($2::bigint[], $3::text[]) as x (app, who)
       join presence_sessions s on s.app = x.app and s.who = x.who where s.node = $1`,
      [dead, people.map(({ app }) => app), people.map(({ who }) => who)],
    );
    const gone = rows.map((row): Row => ({ ...row, app: Number(row.app) }));
    await removeSessions(tx, gone);
    const sessionsOf = Map.groupBy(gone, ({ app, who }) => personKey(app, who));
    const moved = people.map(({ app, who, toAll, sessions }): Moved => {
      const his = (sessionsOf.get(personKey(app, who)) ?? []).map(({ session }) => session);
      const turned = his.length === sessions.length;
      return { app, who, how: 'gone', sessions: his, turned: turned && his.length > 0, toAll: turned && toAll };
    });
    await removePeople(
      tx,
      people.filter(({ sessions }, n) => sessions.length === moved[n]?.sessions.length),
    );
    return moved;
  });
