import type { CallbackReads, CallbackWrites } from '../../core/callbacks/callback.ts';
import { limits } from '../../core/limits.ts';
import type { Db } from './db.ts';
import { columns, type MessageRow, toMessage } from './message-row.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

export const callbackReads: SliceReads<CallbackReads> = {
  async told(db, app) {
    return (await db.one<{ no: number }>('select no from callbacks where app = ?', app))?.no;
  },

  async newest(db) {
    return (await db.one<{ no: number | null }>('select max(no) as no from messages'))?.no ?? 0;
  },

  async untold(db, app, after, limit, holesSince) {
    const before = holesSince === undefined ? Number.MAX_SAFE_INTEGER : await endOfWhole(db, after, holesSince);
    const rows = await db.all<MessageRow>(
      `select ${columns} from (select no from messages where no > ? and no < ? order by no limit ?) s join messages m on m.no = s.no
       where m.app = ? and m.kind <> 'removed' and m.foreign_id is null order by m.no limit ?`,
      after,
      before,
      limits.logScanRows,
      app,
      limit,
    );
    const messages = rows.map(toMessage);
    if (messages.length === limit) return { messages, upTo: messages.at(-1)?.no ?? after, more: true };
    const looked = await db.one<{ no: number | null; count: number }>(
      'select max(no) as no, count(*) as count from (select no from messages where no > ? and no < ? order by no limit ?) s',
      after,
      before,
      limits.logScanRows,
    );
    return { messages, upTo: looked?.no ?? after, more: looked?.count === limits.logScanRows };
  },
};

/**
 * Numbers below the answer are all there, or will not come any more: up to the first that follows a missing one and was said
 * after `since`, and no further than this statement sees. A later one might see a number whose neighbour is still missing.
 */
async function endOfWhole(db: Db, after: number, since: number): Promise<number> {
  const row = await db.one<{ hole: number | null; newest: number | null }>(
    `select min(case when no > before + 1 and ts > ? then no end) as hole, max(no) as newest from (
       select no, ts, lag(no, 1, cast(? as bigint)) over (order by no) as before
       from (select no, ts from messages where no > ? order by no limit ?) s) n`,
    since,
    after,
    after,
    limits.logScanRows,
  );
  return row?.hole ?? (row?.newest ?? after) + 1;
}

export const callbackWrites: SliceWrites<CallbackWrites> = {
  async tell(tx, app, upTo) {
    await tx.run(
      `insert into callbacks (app, no) values (?, ?) on conflict (app) do update set no = excluded.no where callbacks.no < excluded.no`,
      app,
      upTo,
    );
  },
};
