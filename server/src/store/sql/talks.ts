// The list of talks that a messenger opens with. A place in it follows from the head and the marks; no message writes it.
import type { ConversationReads, Talk } from '../../core/conversations/conversation.ts';
import { limits } from '../../core/limits.ts';
import { type ConversationRow, select, toConversation } from './conversation-row.ts';
import { type Bind, type Db, list, pieces } from './db.ts';
import type { SliceReads } from './slice.ts';

type PlaceRow = { conv: number; kind: string; head: number; place: number };
type PeerRow = { conv: number; who: string; read_ts: number };

const shownTs = 'case when h.last_ts > coalesce(k.hidden_ts, 0) then h.last_ts else 0 end';
const places = `select s.conv, s.kind, s.head,
    case when s.kind = 'group' and s.joined_at > s.shown_ts then s.joined_at else s.shown_ts end as place
  from (select m.conv, m.kind, m.joined_at, h.ts as head, ${shownTs} as shown_ts
    from members m join heads h on h.app = m.app and h.no = m.conv
    left join marks k on k.app = m.app and k.who = m.who and k.conv = m.conv
    where m.app = ? and m.who = ? and m.kind in ('direct', 'group')) s`;

export const talks: SliceReads<ConversationReads>['talks'] = async (db, app, who, { before, limit }) => {
  const page = (where: string, most: number, ...values: Bind[]) =>
    db.all<PlaceRow>(
      `select p.conv, p.kind, p.head, p.place from (${places}) p where p.place > 0 ${where} order by p.place desc, p.conv desc limit ?`,
      app,
      who,
      ...values,
      most,
    );
  const found = await page(
    before === undefined ? '' : 'and p.place < ?',
    limit + 1,
    ...(before === undefined ? [] : [before]),
  );
  const more = found.length > limit ? found.pop() : undefined;
  const last = found.at(-1);
  // A cursor by time alone needs all of one time on one page.
  if (more && last && more.place === last.place)
    found.push(...(await page('and p.place = ? and p.conv < ?', limits.queryScanMax, last.place, last.conv)));
  return full(db, app, who, found);
};

async function full(db: Db, app: number, who: string, found: readonly PlaceRow[]): Promise<Talk[]> {
  const rows = new Map<number, ConversationRow>();
  const peers = new Map<number, NonNullable<Talk['peer']>>();
  for (const piece of pieces(found.map(({ conv }) => conv))) {
    const some = list(piece);
    for (const row of await db.all<ConversationRow>(
      `${select} where c.app = ? and c.no in ${some.sql}`,
      app,
      ...some.values,
    ))
      rows.set(row.no, row);
    const others = await db.all<PeerRow>(
      `select m.conv, m.who, coalesce(k.read_ts, 0) as read_ts from members m
       left join marks k on k.app = m.app and k.who = m.who and k.conv = m.conv
       where m.app = ? and m.kind = 'direct' and m.who <> ? and m.conv in ${some.sql}`,
      app,
      who,
      ...some.values,
    );
    for (const other of others) peers.set(other.conv, { who: other.who, readTs: other.read_ts });
  }
  return found.flatMap(({ conv, head, place }): Talk[] => {
    const row = rows.get(conv);
    if (!row) return [];
    const peer = peers.get(conv);
    return [{ conversation: toConversation(row), ts: place, head, ...(peer ? { peer } : {}) }];
  });
}
