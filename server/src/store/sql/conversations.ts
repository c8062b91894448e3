// Reading conversations and their members. A conversation has two rows: what it is (conversations), and its head: what
// every message moves (heads), small, so that a message rewrites few bytes. A deleted one has lost its head.
import type { ConversationReads, ConversationWithMembers } from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import { pairClaim } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { type ConversationRow, select, toConversation } from './conversation-row.ts';
import { count, keys, scan } from './conversation-scan.ts';
import { type Db, list } from './db.ts';
import { among, members, membersByNo, membersOf, roster, silences } from './member-lists.ts';
import { findIds } from './search.ts';
import type { SliceReads } from './slice.ts';
import { talks } from './talks.ts';

async function joinMembers(db: Db, app: number, rows: readonly ConversationRow[]): Promise<ConversationWithMembers[]> {
  const members = await membersByNo(
    db,
    app,
    rows.map((row) => row.no),
  );
  return rows.map((row) => ({ ...toConversation(row), members: members.get(row.no) ?? [] }));
}

export const rowByNo = (db: Db, app: number, no: number): Promise<ConversationRow | undefined> =>
  db.one<ConversationRow>(`${select} where c.app = ? and c.no = ?`, app, no);

export const notFound = () => new ImError('conversation-not-found', 'there is no such conversation');

/** Throws `conversation-not-found`. */
export async function living(db: Db, app: number, no: number): Promise<ConversationRow> {
  const row = await rowByNo(db, app, no);
  if (!row) throw notFound();
  return row;
}

export const conversationReads: SliceReads<ConversationReads> = {
  async open(db, app, id) {
    let row = await db.one<ConversationRow>(`${select} where c.app = ? and c.id = ?`, app, id);
    if (!row && /^[1-9]\d{0,15}$/.test(id)) row = await rowByNo(db, app, Number(id));
    return row && toConversation(row);
  },

  async withMembers(db, app, no) {
    const row = await rowByNo(db, app, no);
    return row && (await joinMembers(db, app, [row]))[0];
  },

  async ofPair(db, app, a, b) {
    const row = await db.one<ConversationRow>(
      `${select} where c.app = ? and c.no = (select conv from claims where app = ? and claim = ?)`,
      app,
      app,
      pairClaim(a, b),
    );
    return row && toConversation(row);
  },

  async of(db, app, who, kind) {
    const rows = await db.all<ConversationRow>(
      `${select} join members m on m.app = c.app and m.conv = c.no where m.app = ? and m.who = ? and m.kind = ? order by m.n`,
      app,
      who,
      kind,
    );
    return joinMembers(db, app, rows);
  },

  async idsOf(db, app, who, kind) {
    const rows = await db.all<{ id: string }>(
      `select c.id from members m join conversations c on c.app = m.app and c.no = m.conv
       where m.app = ? and m.who = ? and m.kind = ? and c.deleted_at is null order by m.n`,
      app,
      who,
      kind,
    );
    return rows.map((row) => row.id);
  },

  async numbersOf(db, app, who) {
    const rows = await db.all<{ conv: number }>(
      "select conv from members where app = ? and who = ? and kind in ('group', 'room', 'service', 'temporary') and shield = 0 order by kind, n",
      app,
      who,
    );
    return rows.map((row) => row.conv);
  },

  async movedSince(db, app, who, after, limit) {
    const rows = await db.all<{ no: number }>(
      `select h.no from members m join heads h on h.app = m.app and h.no = m.conv
       where m.app = ? and m.who = ? and h.ts > ? order by h.ts desc, h.no desc limit ?`,
      app,
      who,
      after,
      limit,
    );
    return rows.map((row) => row.no);
  },

  talks,

  keys,
  scan,
  count,
  roster,
  members,
  among,
  membersOf,
  silences,

  async find(db, app, kind, search) {
    const ids = await findIds(db, app, kind, search);
    if (ids.length === 0) return [];
    const some = list(ids);
    const rows = await db.all<ConversationRow>(
      `${select} where c.app = ? and c.id in ${some.sql}`,
      app,
      ...some.values,
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return joinMembers(
      db,
      app,
      ids.flatMap((id) => byId.get(id) ?? []),
    );
  },

  async card(db, app, no, who) {
    const row = await db.one<{ attributes: string | null }>(
      `select d.attributes from members m left join cards d on d.app = m.app and d.conv = m.conv and d.who = m.who
       where m.app = ? and m.conv = ? and m.who = ?`,
      app,
      no,
      who,
    );
    return row && (JSON.parse(row.attributes ?? '{}') as JsonObject);
  },
};
