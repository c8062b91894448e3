// Conversations by what the store can tell at once: kinds, ids, a member, times, one facet.
import type { ConversationFilter, ConversationReads } from '../../core/conversations/conversation.ts';
import { limits } from '../../core/limits.ts';
import { type ConversationRow, select, toConversation } from './conversation-row.ts';
import { type Bind, type Db, list, pieces, unique } from './db.ts';
import type { SliceReads } from './slice.ts';

type Reads = SliceReads<ConversationReads>;
type Where = { readonly sql: string; readonly values: Bind[] };

const bounds = {
  createdFrom: 'c.created_at >= ?',
  createdBefore: 'c.created_at < ?',
  updatedFrom: 'c.updated_at >= ?',
  updatedBefore: 'c.updated_at < ?',
} as const;

function whereOf(app: number, filter: ConversationFilter): Where {
  const parts = ['c.app = ?', 'c.deleted_at is null'];
  const values: Bind[] = [app];
  const among = (column: string, wanted: readonly (string | number)[] | undefined) => {
    if (!wanted) return;
    const some = unique(wanted).slice(0, limits.queryScanMax);
    if (some.length === 0) parts.push('1 = 0');
    else {
      const padded = list(some);
      parts.push(`${column} in ${padded.sql}`);
      values.push(...padded.values);
    }
  };
  among('c.kind', filter.kinds);
  among('c.no', filter.nos);
  among('c.id', filter.ids);
  if (filter.member !== undefined) {
    parts.push('c.no in (select m.conv from members m where m.app = ? and m.who = ?)');
    values.push(app, filter.member);
  }
  for (const [name, sql] of Object.entries(bounds)) {
    const value = filter[name as keyof typeof bounds];
    if (value === undefined) continue;
    parts.push(sql);
    values.push(value);
  }
  if (filter.own) parts.push('not exists (select 1 from twins t where t.app = c.app and t.conv = c.no)');
  if (filter.facet) {
    const { kind, name, value } = filter.facet;
    parts.push(
      'c.kind = ? and c.id in (select f.id from facets f where f.app = ? and f.subject = ? and f.name = ? and f.value = ?)',
    );
    values.push(kind, app, kind, name, value);
  }
  return { sql: parts.join(' and '), values };
}

export const scan: Reads['scan'] = async (db, app, filter, { order, newestFirst, skip = 0, limit }) => {
  const { sql, values } = whereOf(app, filter);
  const direction = newestFirst ? 'desc' : 'asc';
  const by =
    order === 'created'
      ? `c.created_at ${direction}, c.no ${direction}`
      : `h.last_ts ${direction}, c.created_at ${direction}, c.no ${direction}`;
  const most = Math.min(limit, limits.queryScanMax);
  const rows = await db.all<ConversationRow>(
    `${select} where ${sql} order by ${by} limit ? offset ?`,
    ...values,
    most + 1,
    skip,
  );
  return { conversations: rows.slice(0, most).map(toConversation), more: rows.length > most };
};

export const count: Reads['count'] = async (db, app, filter) => {
  const { sql, values } = whereOf(app, filter);
  const row = await db.one<{ total: number }>(`select count(*) as total from conversations c where ${sql}`, ...values);
  return row?.total ?? 0;
};

type KeyRow = Pick<ConversationRow, 'no' | 'id' | 'kind'>;

export const keys: Reads['keys'] = async (db, app, nos) => {
  const found = new Map<number, KeyRow>();
  const claims = new Map<number, string[]>();
  for (const piece of pieces(unique(nos))) {
    const some = list(piece);
    const rows = await db.all<KeyRow>(
      `select no, id, kind from conversations where app = ? and no in ${some.sql}`,
      app,
      ...some.values,
    );
    for (const row of rows) found.set(row.no, row);
    await pairsOf(
      db,
      app,
      rows.filter(({ kind }) => kind === 'direct').map(({ no }) => no),
      claims,
    );
  }
  return nos.map((no) => {
    const row = found.get(no);
    const [a, b] = claims.get(no) ?? [];
    return row && { ...row, ...(a === undefined ? {} : { pair: [a, b ?? a] as const }) };
  });
};

/** The two of each direct conversation. */
async function pairsOf(db: Db, app: number, nos: readonly number[], pairs: Map<number, string[]>): Promise<void> {
  if (nos.length === 0) return;
  const some = list(nos);
  const rows = await db.all<{ conv: number; who: string }>(
    `select conv, who from members where app = ? and conv in ${some.sql} order by conv, n`,
    app,
    ...some.values,
  );
  for (const { conv, who } of rows) pairs.set(conv, [...(pairs.get(conv) ?? []), who]);
}
