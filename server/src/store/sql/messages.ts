// Reading history. A removed message is a row of kind `removed` that nobody is shown; everything at or before a head's
// `cleared_ts` is removed, so that reading a cleared conversation does not walk over what is gone.
import type { Message, MessageReads, PageFilter } from '../../core/messages/message.ts';
import { type Db, list, padded, pieces } from './db.ts';
import { countLog, log } from './message-log.ts';
import { at, byForeignId, byNo, byRef, changes, foreignNo, page } from './message-pages.ts';
import { columns, filterValues, type MessageRow, notHidden, shown, toMessage } from './message-row.ts';
import type { SliceReads } from './slice.ts';

export const messageReads: SliceReads<MessageReads> = {
  page,
  at,
  byNo,
  byForeignId,
  foreignNo,
  byRef,
  changes,
  log,
  countLog,

  async newest(db, app, of) {
    const found = new Map<number, number>();
    const asked = of.map((one, n) => ({ n, ...one, ...filterValues(one.filter) }));
    for (const piece of pieces(asked, 64)) await newestNos(db, app, piece, found);
    const messages = new Map<number, Message>();
    for (const piece of pieces([...new Set(found.values())])) {
      const some = list(piece);
      const rows = await db.all<MessageRow>(
        `select ${columns} from messages m where m.app = ? and m.no in ${some.sql}`,
        app,
        ...some.values,
      );
      for (const row of rows) messages.set(row.no, toMessage(row));
    }
    return of.map((_, n) => messages.get(found.get(n) ?? 0) ?? null);
  },

  async hiddenTs(db, app, conversation, who) {
    const row = await db.one<{ hidden_ts: number }>(
      'select hidden_ts from marks where app = ? and who = ? and conv = ?',
      app,
      who,
      conversation,
    );
    return row?.hidden_ts ?? 0;
  },
};

type Asked = {
  n: number;
  conversation: number;
  after?: number;
  hiddenFor?: string;
  filter?: PageFilter;
  mask: number;
  want: number;
  spoken: number;
};

const integer = 'cast(? as bigint)';
const question = `(${[...Array<string>(6).fill(integer), 'cast(? as text)', 'cast(? as text)'].join(', ')})`;

/** One statement for up to 64 questions; fills `found` with the number of the message that answers each. */
async function newestNos(db: Db, app: number, asked: readonly Asked[], found: Map<number, number>): Promise<void> {
  const rows = await db.all<{ n: number; no: number | null }>(
    `with asked (n, conv, after, mask, want, spoken, who, reader) as (values ${padded(asked)
      .map(() => question)
      .join(', ')})
     select q.n, (select m.no from messages m where m.app = h.app and m.conv = q.conv and m.ts > q.after and m.ts > h.cleared_ts
       and m.ts > coalesce((select k.hidden_ts from marks k where k.app = h.app and k.who = q.who and k.conv = q.conv), 0)
       and ${notHidden('q.reader')}
       and (m.flags & q.mask) = q.want and (q.spoken = 0 or m.sender_kind in ('user', 'passenger')) and ${shown}
       order by m.ts desc, m.sub desc limit 1) as no
     from asked q join heads h on h.app = ? and h.no = q.conv`,
    ...padded(asked).flatMap((q) => {
      const { n, conversation, after = 0, mask, want, spoken, hiddenFor = '', filter } = q;
      return [n, conversation, after, mask, want, spoken, hiddenFor, filter?.reader ?? hiddenFor];
    }),
    app,
  );
  for (const row of rows) if (row.no !== null) found.set(row.n, row.no);
}
