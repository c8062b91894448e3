// Reading history. A removed message is a row of kind `removed` that nobody is shown; everything at or before a head's
// `cleared_ts` is removed, so that reading a cleared conversation does not walk over what is gone.
import type { JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import {
  type Content,
  type Mentions,
  type Message,
  type MessageReads,
  messageFlags,
  type Original,
  type PageFilter,
  type SenderKind,
} from '../../core/messages/message.ts';
import { type Bind, type Db, list, padded, pieces } from './db.ts';
import type { SliceReads } from './slice.ts';

type MessageRow = {
  conv: number;
  ts: number;
  sub: number;
  no: number;
  sender: string;
  sender_kind: SenderKind;
  content: string;
  original: string | null;
  flags: number;
  mentions: string | null;
  edited_ts: number | null;
};

const columns =
  'm.conv, m.ts, m.sub, m.no, m.sender, m.sender_kind, m.content, m.original, m.flags, m.mentions, m.edited_ts';

/** An empty sender stands for the application itself: a null would not count in a unique index. */
export const senderColumn = (sender: string | null): string => sender ?? '';

const toMessage = (row: MessageRow): Message => ({
  conversation: row.conv,
  ts: row.ts,
  sub: row.sub,
  no: row.no,
  sender: row.sender === '' ? null : row.sender,
  as: row.sender_kind,
  content: JSON.parse(row.content) as Content,
  flags: row.flags,
  ...(row.original === null ? {} : { original: JSON.parse(row.original) as Original }),
  ...(row.mentions === null ? {} : { mentions: JSON.parse(row.mentions) as JsonObject & Mentions }),
  ...(row.edited_ts === null ? {} : { editedTs: row.edited_ts }),
});

/** A filter as numbers: flags masked must equal `want`; `spoken` 1 leaves out admins and the application. */
function filterValues(filter: PageFilter | undefined): { mask: number; want: number; spoken: number } {
  const mask = filter?.betweenFriends === undefined ? 0 : messageFlags.betweenFriends;
  return { mask, want: filter?.betweenFriends ? mask : 0, spoken: filter?.spoken ? 1 : 0 };
}

const shown = "m.kind not in ('removed', 'recalled')";

export const messageReads: SliceReads<MessageReads> = {
  async page(db, app, conversation, range, limit, filter) {
    const head = await db.one<{ cleared_ts: number }>(
      'select cleared_ts from heads where app = ? and no = ?',
      app,
      conversation,
    );
    if (!head) return [];
    const { mask, want, spoken } = filterValues(filter);
    const where: [string, ...Bind[]] = [
      `m.app = ? and m.conv = ? and m.ts > ? ${range.before === undefined ? '' : 'and m.ts < ?'} and ${shown}
       ${mask === 0 ? '' : `and (m.flags & ${mask}) = ${want}`} ${spoken === 0 ? '' : "and m.sender_kind in ('user', 'passenger')"}`,
      app,
      conversation,
      Math.max(range.after ?? 0, head.cleared_ts),
      ...(range.before === undefined ? [] : [range.before]),
    ];
    const [sql, ...values] = where;
    const rows = await db.all<MessageRow>(
      `select ${columns} from messages m where ${sql} order by m.ts desc, m.sub desc limit ?`,
      ...values,
      Math.min(limit, limits.pageMax),
    );
    const oldest = rows.at(-1);
    if (oldest && oldest.sub > 0) {
      // Imported messages may share a time. A cursor by time alone needs them all on one page.
      const tie = await db.all<MessageRow>(
        `select ${columns} from messages m where ${sql} and m.ts = ? and m.sub < ? order by m.sub desc`,
        ...values,
        oldest.ts,
        oldest.sub,
      );
      rows.push(...tie);
    }
    return rows.reverse().map(toMessage);
  },

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
  mask: number;
  want: number;
  spoken: number;
};

const integer = 'cast(? as bigint)';
const question = `(${[...Array<string>(6).fill(integer), 'cast(? as text)'].join(', ')})`;

/** One statement for up to 64 questions; fills `found` with the number of the message that answers each. */
async function newestNos(db: Db, app: number, asked: readonly Asked[], found: Map<number, number>): Promise<void> {
  const rows = await db.all<{ n: number; no: number | null }>(
    `with asked (n, conv, after, mask, want, spoken, who) as (values ${padded(asked)
      .map(() => question)
      .join(', ')})
     select q.n, (select m.no from messages m where m.app = h.app and m.conv = q.conv and m.ts > q.after and m.ts > h.cleared_ts
       and m.ts > coalesce((select k.hidden_ts from marks k where k.app = h.app and k.who = q.who and k.conv = q.conv), 0)
       and (m.flags & q.mask) = q.want and (q.spoken = 0 or m.sender_kind in ('user', 'passenger')) and ${shown}
       order by m.ts desc, m.sub desc limit 1) as no
     from asked q join heads h on h.app = ? and h.no = q.conv`,
    ...padded(asked).flatMap((q) => [q.n, q.conversation, q.after ?? 0, q.mask, q.want, q.spoken, q.hiddenFor ?? '']),
    app,
  );
  for (const row of rows) if (row.no !== null) found.set(row.n, row.no);
}
