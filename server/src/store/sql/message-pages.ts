// Stretches of one conversation: pages of what was said, and of what was changed since.
import { limits } from '../../core/limits.ts';
import type { Edge, MessageReads, PageFilter } from '../../core/messages/message.ts';
import type { Bind, Db } from './db.ts';
import { columns, filterValues, type MessageRow, notHidden, shown, toMessage } from './message-row.ts';
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

function filterSql(filter: PageFilter | undefined): { sql: string; values: Bind[] } {
  const { mask, want, spoken } = filterValues(filter);
  const parts = [filter?.recalled ? "m.kind <> 'removed'" : shown];
  const values: Bind[] = [];
  if (mask !== 0) parts.push(`(m.flags & ${mask}) = ${want}`);
  if (spoken !== 0) parts.push("m.sender_kind in ('user', 'passenger')");
  if (filter?.types) {
    parts.push(`m.kind in (${filter.types.map(() => '?').join(', ') || "''"})`);
    values.push(...filter.types);
  }
  if (filter?.sender !== undefined) {
    parts.push('m.sender = ?');
    values.push(filter.sender);
  }
  if (filter?.reader !== undefined) {
    parts.push(notHidden('?'));
    values.push(filter.reader);
  }
  return { sql: parts.join(' and '), values };
}

/** A bound as SQL; a whole millisecond unless the edge names a `sub`. */
function edgeSql(side: 'before' | 'after', edge: number | Edge | undefined): { sql: string; values: Bind[] } {
  if (edge === undefined) return { sql: '1 = 1', values: [] };
  const { ts, sub, closed }: Edge = typeof edge === 'number' ? { ts: edge } : edge;
  const sign = `${side === 'before' ? '<' : '>'}${closed ? '=' : ''}`;
  return sub === undefined
    ? { sql: `m.ts ${sign} ?`, values: [ts] }
    : { sql: `(m.ts, m.sub) ${sign} (?, ?)`, values: [ts, sub] };
}

export const page: Reads['page'] = async (db, app, conversation, range, limit, filter) => {
  const cleared = await clearedTs(db, app, conversation);
  if (cleared === undefined) return [];
  const { from = 'newest', exact = false } = range;
  const asked = filterSql(filter);
  const before = edgeSql('before', range.before);
  const after = edgeSql('after', range.after);
  const where = `m.app = ? and m.conv = ? and m.ts > ? and ${after.sql} and ${before.sql} and ${asked.sql}`;
  const values: Bind[] = [app, conversation, cleared, ...after.values, ...before.values, ...asked.values];
  const most = Math.min(limit, limits.messagesPageMax);
  const [order, beyond] = from === 'newest' ? ['desc', '<'] : ['asc', '>'];
  const rows = await db.all<MessageRow>(
    `select ${columns} from messages m where ${where} order by m.ts ${order}, m.sub ${order} limit ?`,
    ...values,
    exact ? most : most + 1,
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

/** Also of a deleted conversation, for as long as its messages are kept. */
export const byNo: Reads['byNo'] = async (db, app, no) => {
  const row = await db.one<MessageRow>(
    `select ${columns} from messages m where m.app = ? and m.no = ? and m.kind <> 'removed'`,
    app,
    no,
  );
  return row && toMessage(row);
};

export const byForeignId: Reads['byForeignId'] = async (db, app, conversation, foreignId) => {
  const row = await db.one<MessageRow>(
    `select ${columns} from messages m where m.app = ? and m.conv = ? and m.foreign_id = ? and m.kind <> 'removed'`,
    app,
    conversation,
    foreignId,
  );
  return row && toMessage(row);
};

export const foreignNo: Reads['foreignNo'] = async (db, app, ts, foreignId) => {
  const row = await db.one<{ no: number }>(
    'select no from messages where app = ? and ts = ? and foreign_id = ? order by no limit 1',
    app,
    ts,
    foreignId,
  );
  return row?.no;
};

export const byRef: Reads['byRef'] = async (db, app, conversation, sender, ref) => {
  const row = await db.one<MessageRow>(
    `select ${columns} from messages m
     where m.app = ? and m.conv = ? and m.sender = ? and m.ref = ? and m.kind <> 'removed'`,
    app,
    conversation,
    sender,
    ref,
  );
  return row && toMessage(row);
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
  const asked = filterSql({ ...filter, recalled: true });
  const rows = await db.all<MessageRow>(
    `select ${columns} from messages m where m.app = ? and m.conv = ? and m.edited_ts > ? and m.ts > ? and ${asked.sql}
     order by m.edited_ts limit ?`,
    app,
    conversation,
    after,
    Math.max(since, cleared),
    ...asked.values,
    Math.min(limit, limits.pageMax),
  );
  return rows.map(toMessage);
};
