// Changing history: edits, and the ways in which messages go. Appending is each engine's own (its appends.ts).
import type { MessageWrites } from '../../core/messages/message.ts';
import { list, pieces, unique } from './db.ts';
import { edit, recall } from './message-changes.ts';
import { clear, hide, hideOne, remove } from './message-removals.ts';
import type { SliceWrites } from './slice.ts';

export const messageWrites: SliceWrites<Omit<MessageWrites, 'append'>> = {
  edit,
  recall,

  remove,
  hide,
  hideOne,
  clear,

  async expire(tx, app, before, rows) {
    const gone = await tx.all<{ conv: number; ts: number }>(
      'delete from messages where no in (select no from messages where app = ? and ts < ? order by ts limit ?) returning conv, ts',
      app,
      before,
      rows,
    );
    if (gone.length < rows) await tx.run('delete from hides where app = ? and ts < ?', app, before);
    // They went in the order of their times: what is older than the newest of them is gone, and of its own time what went.
    const edge = Math.max(0, ...gone.map(({ ts }) => ts));
    for (const piece of pieces(unique(gone.map(({ conv }) => conv)))) {
      const all = list(piece);
      const last = list([0, ...gone.flatMap(({ conv, ts }) => (ts === edge ? [conv] : []))]);
      await tx.run(
        `update heads set last_ts = 0 where app = ? and no in ${all.sql} and (last_ts < ? or (last_ts = ? and no in ${last.sql}))`,
        app,
        ...all.values,
        edge,
        edge,
        ...last.values,
      );
    }
    return { done: gone.length < rows, removed: gone.length };
  },
};
