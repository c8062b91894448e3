// Stretches of one conversation: pages of what was said, and of what was changed since.
import { limits } from '../../core/limits.ts';
import type { MessageReads, PageFilter } from '../../core/messages/message.ts';
import type { Bind, Db } from './db.ts';
import { columns, filterValues, type MessageRow, shown, toMessage } from './message-row.ts';
import type { SliceReads } from './slice.ts';

type Reads = SliceReads<MessageReads>;

/** Nothing at or before it is left; undefined for a conversation that does not exist. */
async function clearedTs(db: Db, app: number, conversation: number): Promise<number | undefined> {
  const head = await db.one<{ cleared_ts: number }>(
    'select cleared_ts from heads where app = ? and no = ?',
    app,
    conversation,
  );
  return head?.cleared_ts;
}

function filterSql(filter: PageFilter | undefined): string {
  const { mask, want, spoken } = filterValues(filter);
  const friendship = mask === 0 ? '' : `and (m.flags & ${mask}) = ${want}`;
  return `${friendship} ${spoken === 0 ? '' : "and m.sender_kind in ('user', 'passenger')"}`;
}

export const page: Reads['page'] = async (db, app, conversation, range, limit, filter) => {
  const cleared = await clearedTs(db, app, conversation);
  if (cleared === undefined) return [];
  const { before, from = 'newest' } = range;
  const where = `m.app = ? and m.conv = ? and m.ts > ? ${before === undefined ? '' : 'and m.ts < ?'} and ${shown} ${filterSql(filter)}`;
  const values: Bind[] = [
    app,
    conversation,
    Math.max(range.after ?? 0, cleared),
    ...(before === undefined ? [] : [before]),
  ];
  const most = Math.min(limit, limits.pageMax);
  const [order, beyond] = from === 'newest' ? ['desc', '<'] : ['asc', '>'];
  const rows = await db.all<MessageRow>(
    `select ${columns} from messages m where ${where} order by m.ts ${order}, m.sub ${order} limit ?`,
    ...values,
    most + 1,
  );
  const more = rows.length > most ? rows.pop() : undefined;
  const last = rows.at(-1);
  if (more && last && more.ts === last.ts) {
    // Imported messages may share a time. A cursor by time alone needs them all on one page.
    const tie = await db.all<MessageRow>(
      `select ${columns} from messages m where ${where} and m.ts = ? and m.sub ${beyond} ? order by m.sub ${order}`,
      ...values,
      last.ts,
      last.sub,
    );
    rows.push(...tie);
  }
  if (from === 'newest') rows.reverse();
  return rows.map(toMessage);
};

export const at: Reads['at'] = async (db, app, conversation, ts) => {
  const row = await db.one<MessageRow>(
    `select ${columns} from messages m join heads h on h.app = m.app and h.no = m.conv
     where m.app = ? and m.conv = ? and m.ts = ? and m.sub = 0 and m.kind <> 'removed'`,
    app,
    conversation,
    ts,
  );
  return row && toMessage(row);
};

export const changes: Reads['changes'] = async (db, app, conversation, { after, since = 0 }, limit, filter) => {
  const cleared = await clearedTs(db, app, conversation);
  if (cleared === undefined) return [];
  const rows = await db.all<MessageRow>(
    `select ${columns} from messages m where m.app = ? and m.conv = ? and m.edited_ts > ? and m.ts > ?
       and m.kind <> 'removed' ${filterSql(filter)} order by m.edited_ts limit ?`,
    app,
    conversation,
    after,
    Math.max(since, cleared),
    Math.min(limit, limits.pageMax),
  );
  return rows.map(toMessage);
};
