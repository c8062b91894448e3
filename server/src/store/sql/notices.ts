// Announcements that are kept for those who were away.
import type { CoreEvent } from '../../core/events.ts';
import { limits } from '../../core/limits.ts';
import type { Notice, NoticeReads, NoticeWrites } from '../../core/notices/notice.ts';
import { conversationTopic, userTopic } from '../../core/ports/bus.ts';
import { type Bind, type Db, padded, pieces } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type Row = { ts: number; n: number; body: string };

export const noticeReads: SliceReads<NoticeReads> = {
  async since(db, app, who, after, limit) {
    const memberships = await db.all<{ conv: number; joined_at: number }>(
      "select conv, joined_at from members where app = ? and who = ? and kind not in ('direct', 'thread') order by n",
      app,
      who,
    );
    const topics = [
      { topic: userTopic(app, who), from: 0 },
      ...memberships.map(({ conv, joined_at }) => ({ topic: conversationTopic(app, conv), from: joined_at })),
    ];
    const rows: Row[] = [];
    for (const piece of pieces(topics)) rows.push(...(await firstOf(db, app, piece, after, limit + 1)));
    rows.sort((a, b) => a.ts - b.ts || a.n - b.n);
    // A reader goes on by the millisecond: a page never parts one.
    const last = rows[limit - 1];
    const end = last === undefined ? rows.length : rows.findIndex(({ ts }) => ts > last.ts);
    const page = end === -1 ? rows : rows.slice(0, end);
    return {
      notices: page.map(({ ts, n, body }): Notice => ({ ts, n, event: JSON.parse(body) as CoreEvent })),
      more: page.length < rows.length,
    };
  },
};

type Topic = { readonly topic: string; readonly from: number };

/** The first notices of some topics; those that share the last millisecond come with it, and one that comes after. */
async function firstOf(db: Db, app: number, topics: readonly Topic[], after: number, limit: number): Promise<Row[]> {
  const asked = padded([...topics, { topic: '', from: 0 }]);
  const read = (where: string, most: number, ...values: Bind[]) =>
    db.all<Row>(
      `with asked (topic, since) as (values ${asked.map(() => '(cast(? as text), cast(? as bigint))').join(', ')})
       select n.ts, n.n, n.body from (select distinct topic, since from asked) q
       join notices n on n.app = ? and n.topic = q.topic and n.ts >= q.since and ${where} order by n.ts, n.n limit ?`,
      ...asked.flatMap(({ topic, from }) => [topic, from]),
      app,
      ...values,
      most,
    );
  const rows = await read('n.ts > ?', limit, after);
  const last = rows.at(-1);
  if (rows.length < limit || !last) return rows;
  const same = await read('n.ts = ? and n.n > ?', limits.queryScanMax, last.ts, last.n);
  return [...rows, ...same, ...(await read('n.ts > ?', 1, last.ts))];
}

export const noticeWrites: SliceWrites<NoticeWrites> = {
  async put(tx, app, topics, event, ts) {
    for (const topic of topics) {
      await tx.run(
        'insert into notices (app, topic, ts, n, kind, body) values (?, ?, ?, ?, ?, ?)',
        app,
        topic,
        ts,
        await tx.nextNo('order'),
        event.type,
        JSON.stringify(event),
      );
    }
  },

  async expire(tx, before, rows) {
    const removed = await tx.run(
      'delete from notices where (app, topic, ts, n) in (select app, topic, ts, n from notices where ts < ? limit ?)',
      before,
      rows,
    );
    return { done: removed < rows, removed };
  },
};
