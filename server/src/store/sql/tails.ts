// What happened last, over all conversations of some apps.
import type { CoreEvent } from '../../core/events.ts';
import { conversationTopic } from '../../core/ports/bus.ts';
import type { Stirred, TailReads } from '../../core/tails/tail.ts';
import { list, pieces } from './db.ts';
import type { SliceReads } from './slice.ts';

/** An event that concerns people who are out is kept under each of them. */
const once = (rows: readonly { body: string }[]): CoreEvent[] =>
  [...new Set(rows.map(({ body }) => body))].map((body) => JSON.parse(body) as CoreEvent);

export const tailReads: SliceReads<TailReads> = {
  async stirred(db, apps, { after, upTo }, limit) {
    const stirred: Stirred[] = [];
    for (const piece of pieces(apps)) {
      const some = list(piece);
      const rows = await db.all<{ app: number; conv: number; place: number }>(
        `select x.app, x.conv, max(x.place) as place from (
           select m.app, m.conv, m.ts as place from messages m where m.app in ${some.sql} and m.ts > ? and m.ts <= ?
           union all
           select e.app, e.conv, e.edited_ts as place from messages e
           where e.app in ${some.sql} and e.edited_ts is not null and e.edited_ts > ? and e.edited_ts <= ?) x
         group by x.app, x.conv order by max(x.place), x.conv limit ?`,
        ...some.values,
        after,
        upTo,
        ...some.values,
        after,
        upTo,
        limit,
      );
      stirred.push(...rows.map(({ app, conv, place }) => ({ app, conversation: conv, at: place })));
    }
    return stirred;
  },

  async noticed(db, apps, { after, upTo }, limit) {
    const events: CoreEvent[] = [];
    for (const piece of pieces(apps)) {
      const some = list(piece);
      const rows = await db.all<{ body: string }>(
        `select n.body from notices n where n.app in ${some.sql} and n.ts > ? and n.ts <= ? order by n.ts, n.n limit ?`,
        ...some.values,
        after,
        upTo,
        limit,
      );
      events.push(...once(rows));
    }
    return events;
  },

  async noticedIn(db, app, conversation, { after, upTo }, limit) {
    const rows = await db.all<{ body: string }>(
      'select n.body from notices n where n.app = ? and n.topic = ? and n.ts > ? and n.ts <= ? order by n.ts, n.n limit ?',
      app,
      conversationTopic(app, conversation),
      after,
      upTo,
      limit,
    );
    return once(rows);
  },
};
