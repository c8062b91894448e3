// What is asked of the tables, one statement an answer. A session counts while its node's lease holds.
import type { Presence } from '../core/ports/presence.ts';
import type { Client } from './client.ts';

export const readsOf = (client: Client): Pick<Presence, 'count' | 'online' | 'countOnline' | 'attendees'> => ({
  async count(app, who) {
    const [row] = await client.all<{ count: number }>(
      `select count(*)::int as count from presence_sessions s join presence_nodes n on n.node = s.node
       where s.app = $1 and s.who = $2 and n.lease_until > now()`,
      [app, who],
    );
    return row?.count ?? 0;
  },

  async online(app, who) {
    if (who.length === 0) return new Set();
    const rows = await client.all<{ who: string }>(
      `select distinct s.who from presence_sessions s join presence_nodes n on n.node = s.node
       where s.app = $1 and s.who = any($2::text[]) and n.lease_until > now()`,
      [app, who],
    );
    return new Set(rows.map((row) => row.who));
  },

  // Without a look at the leases: a dead node's people are taken out within seconds, and this reads one index.
  async countOnline(app) {
    const [row] = await client.all<{ count: number }>(
      'select count(*)::int as count from presence_people where app = $1',
      [app],
    );
    return row?.count ?? 0;
  },

  async attendees(app, room, limit) {
    const there = `presence_rooms r join presence_nodes n on n.node = r.node
      where r.app = $1 and r.room = $2 and n.lease_until > now()`;
    const [row] = await client.all<{ total: number }>(`select count(distinct r.who)::int as total from ${there}`, [
      app,
      room,
    ]);
    if (!row || row.total === 0 || limit <= 0) return { total: row?.total ?? 0, who: [] };
    const rows = await client.all<{ who: string }>(`select distinct r.who from ${there} order by r.who limit $3`, [
      app,
      room,
      Math.min(limit, row.total),
    ]);
    return { total: row.total, who: rows.map(({ who }) => who) };
  },
});
