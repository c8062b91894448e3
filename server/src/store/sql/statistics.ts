// Counts over a stretch of time, from the rows themselves.
import type { MessageCount, StatisticReads } from '../../core/statistics/statistic.ts';
import type { Bind, Db } from './db.ts';
import type { SliceReads } from './slice.ts';

const countOf = async (db: Db, sql: string, ...values: Bind[]): Promise<number> =>
  (await db.one<{ count: number }>(`select count(*) as count from ${sql}`, ...values))?.count ?? 0;

export const statisticReads: SliceReads<StatisticReads> = {
  async people(db, app, { from, to }) {
    return {
      total: await countOf(db, 'users where app = ? and home is null and created_at < ?', app, to),
      created: await countOf(
        db,
        'users where app = ? and home is null and created_at >= ? and created_at < ?',
        app,
        from,
        to,
      ),
      active: await countOf(db, 'users where app = ? and home is null and seen_at >= ? and seen_at < ?', app, from, to),
      speaking: await countOf(
        db,
        "(select distinct sender from messages where app = ? and ts >= ? and ts < ? and sender <> '') s",
        app,
        from,
        to,
      ),
    };
  },

  async groups(db, app, { from, to }) {
    const living = "conversations where app = ? and kind = 'group'";
    return {
      total: await countOf(db, `${living} and created_at < ? and (deleted_at is null or deleted_at >= ?)`, app, to, to),
      created: await countOf(db, `${living} and created_at >= ? and created_at < ?`, app, from, to),
      active: await countOf(
        db,
        `(select distinct m.conv from messages m join conversations c on c.app = m.app and c.no = m.conv and c.kind = 'group'
          where m.app = ? and m.ts >= ? and m.ts < ?) g`,
        app,
        from,
        to,
      ),
    };
  },

  async messages(db, app, { from, to }) {
    const rows = await db.all<MessageCount>(
      `select case when c.kind in ('direct', 'thread') then 'direct' else 'group' end as kind, m.kind as content, count(*) as count
       from messages m join conversations c on c.app = m.app and c.no = m.conv
       where m.app = ? and m.ts >= ? and m.ts < ? and m.kind <> 'removed' group by 1, 2 order by 1, 2`,
      app,
      from,
      to,
    );
    return rows.map(({ kind, content, count }) => ({ kind, content, count }));
  },
};
