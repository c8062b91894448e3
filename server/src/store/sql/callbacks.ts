import type { CallbackReads, CallbackWrites } from '../../core/callbacks/callback.ts';
import { limits } from '../../core/limits.ts';
import { columns, type MessageRow, toMessage } from './message-row.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

export const callbackReads: SliceReads<CallbackReads> = {
  async told(db, app) {
    return (await db.one<{ no: number }>('select no from callbacks where app = ?', app))?.no;
  },

  async newest(db) {
    return (await db.one<{ no: number | null }>('select max(no) as no from messages'))?.no ?? 0;
  },

  async untold(db, app, after, limit) {
    const rows = await db.all<MessageRow>(
      `select ${columns} from (select no from messages where no > ? order by no limit ?) s join messages m on m.no = s.no
       where m.app = ? and m.kind <> 'removed' order by m.no limit ?`,
      after,
      limits.logScanRows,
      app,
      limit,
    );
    const messages = rows.map(toMessage);
    if (messages.length === limit) return { messages, upTo: messages.at(-1)?.no ?? after, more: true };
    const looked = await db.one<{ no: number | null; count: number }>(
      'select max(no) as no, count(*) as count from (select no from messages where no > ? order by no limit ?) s',
      after,
      limits.logScanRows,
    );
    return { messages, upTo: looked?.no ?? after, more: looked?.count === limits.logScanRows };
  },
};

export const callbackWrites: SliceWrites<CallbackWrites> = {
  async tell(tx, app, upTo) {
    await tx.run(
      'insert into callbacks (app, no) values (?, ?) on conflict (app) do update set no = max(no, excluded.no)',
      app,
      upTo,
    );
  },
};
