// The relation of two users who exchanged a message without being friends, a row for each side.
import type { FriendReads, FriendWrites, Stranger } from '../../core/friends/friend.ts';
import { list, listMax, unique } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type StrangerRow = { other: string; first_by: string; since: number; conv: number; last_ts: number | null };

const select = `select s.other, s.first_by, s.since, s.conv, h.last_ts from strangers s
  left join heads h on h.app = s.app and h.no = s.conv`;

const toStranger = (row: StrangerRow): Stranger => ({
  id: row.other,
  firstBy: row.first_by,
  since: row.since,
  direct: { no: row.conv, lastTs: row.last_ts ?? 0 },
});

export const stranger: SliceReads<FriendReads>['stranger'] = async (db, app, who, other) => {
  const row = await db.one<StrangerRow>(`${select} where s.app = ? and s.who = ? and s.other = ?`, app, who, other);
  return row && toStranger(row);
};

export const strangers: SliceReads<FriendReads>['strangers'] = async (db, app, who, page) => {
  const among = page.among && unique(page.among).slice(0, listMax);
  if (among?.length === 0) return [];
  const some = among ? list(among) : undefined;
  const rows = await db.all<StrangerRow>(
    `${select} where s.app = ? and s.who = ? ${some ? `and s.other in ${some.sql}` : ''}
     and not exists (select 1 from friends f where f.app = s.app and f.who = s.who and f.other = s.other)
     order by s.since desc, s.other limit ? offset ?`,
    app,
    who,
    ...(some?.values ?? []),
    page.limit,
    page.skip,
  );
  return rows.map(toStranger);
};

export const recordStrangers: SliceWrites<FriendWrites>['recordStrangers'] = async (
  tx,
  app,
  by,
  other,
  conversation,
  now,
) => {
  for (const [who, whom] of [
    [by, other],
    [other, by],
  ] as const) {
    await tx.run(
      'insert into strangers (app, who, other, conv, first_by, since) values (?, ?, ?, ?, ?, ?) on conflict do nothing',
      app,
      who,
      whom,
      conversation,
      by,
      now,
    );
  }
};
