// Everything an app's people said, by time. Few ask for it, so no index of its own is paid for by every message: a step
// looks at a bounded number of rows by age and says where to go on.
import { limits } from '../../core/limits.ts';
import type { LogFilter, LogRange, MessageReads } from '../../core/messages/message.ts';
import { type Bind, type Db, list, unique } from './db.ts';
import { columns, type MessageRow, toMessage } from './message-row.ts';
import type { SliceReads } from './slice.ts';

type Reads = SliceReads<MessageReads>;
type Place = { readonly ts: number; readonly no: number };
type Sql = { readonly sql: string; readonly values: Bind[] };

/** The rows one step looks at, as a source of (no, ts, conv, sender, kind). */
type Looked = { readonly source: Sql; readonly boundary: () => Promise<Place | undefined> };

function edges({ from, to }: LogRange): Sql {
  const parts: string[] = [];
  const values: Bind[] = [];
  for (const [edge, sign] of [
    [from, '>'],
    [to, '<'],
  ] as const) {
    if (!edge) continue;
    const compare = `${sign}${edge.closed ? '=' : ''}`;
    parts.push(edge.no === undefined ? `and m.ts ${compare} ?` : `and (m.ts, m.no) ${compare} (?, ?)`);
    values.push(edge.ts, ...(edge.no === undefined ? [] : [edge.no]));
  }
  return { sql: parts.join(' '), values };
}

function filters({ sender, conversations, kinds }: LogFilter): Sql {
  const parts = ["s.kind <> 'removed'"];
  const values: Bind[] = [];
  if (sender !== undefined) {
    parts.push('s.sender = ?');
    values.push(sender);
  }
  const some = conversations && unique(conversations);
  if (some?.length === 0) parts.push('1 = 0');
  else if (some) {
    const padded = list(some);
    parts.push(`s.conv in ${padded.sql}`);
    values.push(...padded.values);
  }
  if (kinds) {
    parts.push(
      `(select c.kind from conversations c where c.no = s.conv) in (${kinds.map(() => '?').join(', ') || "''"})`,
    );
    values.push(...kinds);
  }
  return { sql: parts.join(' and '), values };
}

function look(db: Db, app: number, range: LogRange, filter: LogFilter): Looked {
  const direction = range.order === 'newest' ? 'desc' : 'asc';
  const { sql, values } = edges(range);
  const [only] = filter.conversations ?? [];
  // One conversation is read by its own order, and so whole pages of it are found at once.
  const one = filter.conversations?.length === 1 && only !== undefined;
  const where = `m.app = ? ${one ? 'and m.conv = ?' : ''} ${sql}`;
  const given: Bind[] = [app, ...(one ? [only] : []), ...values];
  const order = `order by m.ts ${direction}, m.no ${direction}`;
  return {
    source: {
      sql: `(select m.no, m.ts, m.conv, m.sender, m.kind from messages m where ${where} ${order} limit ${limits.logScanRows})`,
      values: given,
    },
    boundary: () =>
      db.one<Place>(
        `select m.ts, m.no from messages m where ${where} ${order} limit 1 offset ${limits.logScanRows - 1}`,
        ...given,
      ),
  };
}

export const log: Reads['log'] = async (db, app, range, filter, limit) => {
  const { source, boundary } = look(db, app, range, filter);
  const asked = filters(filter);
  const direction = range.order === 'newest' ? 'desc' : 'asc';
  const most = Math.min(limit, limits.messagesPageMax);
  const rows = await db.all<MessageRow>(
    `select ${columns} from ${source.sql} s join messages m on m.no = s.no where ${asked.sql}
     order by s.ts ${direction}, s.no ${direction} limit ?`,
    ...source.values,
    ...asked.values,
    most,
  );
  const messages = rows.map(toMessage);
  const last = messages.at(-1);
  const next = messages.length === most && last ? { ts: last.ts, no: last.no } : await boundary();
  return next ? { messages, next: { ts: next.ts, no: next.no } } : { messages };
};

export const countLog: Reads['countLog'] = async (db, app, range, filter) => {
  const { source, boundary } = look(db, app, range, filter);
  const asked = filters(filter);
  const row = await db.one<{ count: number }>(
    `select count(*) as count from ${source.sql} s where ${asked.sql}`,
    ...source.values,
    ...asked.values,
  );
  const next = await boundary();
  return { count: row?.count ?? 0, ...(next ? { next: { ts: next.ts, no: next.no } } : {}) };
};
