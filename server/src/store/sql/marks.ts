// How far people have read, and what that leaves unread. Marks are made on first need.
import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../../core/limits.ts';
import type { Delivery, MarkReads, MarkWrites } from '../../core/marks/mark.ts';
import { type Mentions, messageFlags } from '../../core/messages/message.ts';
import { notFound } from './conversations.ts';
import { type Db, list, padded, pieces, unique } from './db.ts';
import { notHidden } from './message-row.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type Floor = {
  conv: number;
  read_ts: number;
  read_at: number;
  head_ts: number;
  hidden_ts: number;
  since: number;
  cleared_ts: number;
};
type FloorOf = { conv: number; readTs: number; readAt: number; headTs: number; floor: number };
type ProgressRow = { who: string; read_ts: number; read_at: number; delivered_ts: number; delivered_at: number };
type Counted = { conv: number; count: number; mentions: number };

/** Newest rows after the mark that are looked at: a talker's own messages are among them. */
const scanRows = 300;
/** Conversations that are counted in one statement: two milliseconds at most. One less than a size of `padded`. */
const countedAtOnce = 15;
const countedOf = (of: string) =>
  `${of}.kind not in ('removed', 'recalled') and (${of}.flags & ${messageFlags.uncounted}) = 0`;
const newestOf = (after: string) =>
  `select m.sender, m.kind, m.flags from messages m where ${after} and ${notHidden('?')} order by m.ts desc, m.sub desc limit ${scanRows}`;

export const markReads: SliceReads<MarkReads> = {
  async of(db, app, conversation) {
    const rows = await db.all<ProgressRow>(
      `select k.who, k.read_ts, k.read_at, k.delivered_ts, k.delivered_at from members m
       join marks k on k.app = m.app and k.conv = m.conv and k.who = m.who
       where m.app = ? and m.conv = ? and (k.read_ts > 0 or k.delivered_ts > 0) order by m.n`,
      app,
      conversation,
    );
    return rows.map((row) => ({
      who: row.who,
      ts: row.read_ts,
      readAt: row.read_at,
      deliveredTs: row.delivered_ts,
      deliveredAt: row.delivered_at,
    }));
  },

  async deliveredTs(db, app, who, conversations) {
    const found = new Map<number, number>();
    for (const piece of pieces(unique(conversations))) {
      const some = list(piece);
      const rows = await db.all<{ conv: number; delivered_ts: number }>(
        `select conv, delivered_ts from marks where app = ? and who = ? and conv in ${some.sql}`,
        app,
        who,
        ...some.values,
      );
      for (const row of rows) found.set(row.conv, row.delivered_ts);
    }
    return conversations.map((no) => found.get(no) ?? 0);
  },

  async unread(db, app, who, conversations) {
    const floors = new Map<number, FloorOf>();
    for (const piece of pieces(unique(conversations)))
      for (const row of await floorsOf(db, app, who, piece)) floors.set(row.conv, row);
    const counts = new Map<number, Counted>();
    for (const piece of pieces(
      [...floors.values()].filter(({ headTs, floor }) => headTs > floor),
      countedAtOnce,
    )) {
      // An embedded store reads where everything else runs: others get their turn in between.
      if (counts.size > 0) await turn();
      for (const row of await countAfter(db, app, who, piece)) counts.set(row.conv, row);
    }
    const mentioned = new Set<number>();
    for (const { conv, count, mentions } of counts.values()) {
      const floor = floors.get(conv)?.floor ?? 0;
      if (count > 0 && mentions > 0 && (await isMentioned(db, app, who, conv, floor))) mentioned.add(conv);
    }
    return conversations.map((conversation) => ({
      conversation,
      readTs: floors.get(conversation)?.readTs ?? 0,
      readAt: floors.get(conversation)?.readAt ?? 0,
      headTs: floors.get(conversation)?.headTs ?? 0,
      count: counts.get(conversation)?.count ?? 0,
      mentioned: mentioned.has(conversation),
    }));
  },
};

/** From where on messages count, for each conversation that exists and has one. */
async function floorsOf(db: Db, app: number, who: string, conversations: readonly number[]): Promise<FloorOf[]> {
  const some = list(conversations);
  const rows = await db.all<Floor>(
    `select h.no as conv, coalesce(k.read_ts, 0) as read_ts, coalesce(k.read_at, 0) as read_at, h.ts as head_ts, coalesce(k.hidden_ts, 0) as hidden_ts,
       coalesce(b.since, 0) as since, h.cleared_ts
     from heads h left join marks k on k.app = h.app and k.who = ? and k.conv = h.no
     left join members b on b.app = h.app and b.conv = h.no and b.who = ? where h.app = ? and h.no in ${some.sql}`,
    who,
    who,
    app,
    ...some.values,
  );
  return rows.map((row) => ({
    conv: row.conv,
    readTs: row.read_ts,
    readAt: row.read_at,
    headTs: row.head_ts,
    floor: Math.max(row.read_ts, row.hidden_ts, row.since, row.cleared_ts),
  }));
}

async function countAfter(
  db: Db,
  app: number,
  who: string,
  floors: readonly { conv: number; floor: number }[],
): Promise<Counted[]> {
  // What fills the list up names no conversation, so that it costs nothing.
  const asked = padded([...floors, { conv: 0, floor: 0 }]);
  const after = 'm.app = ? and m.conv = q.conv and m.ts > q.floor';
  return db.all<Counted>(
    `with asked (conv, floor) as (values ${asked.map(() => '(cast(? as bigint), cast(? as bigint))').join(', ')})
     select q.conv,
       (select count(*) from (select 1 as one from (${newestOf(after)}) s where s.sender <> ? and ${countedOf('s')} limit ${limits.unreadMax}) n) as count,
       (select count(*) from (select 1 as one from messages m where ${after} and m.mentions is not null limit 1) n) as mentions
     from asked q`,
    ...asked.flatMap(({ conv, floor }) => [conv, floor]),
    app,
    who,
    who,
    app,
  );
}

/** Whether one of the newest that mention somebody mentions `who`, by name or among all. */
async function isMentioned(db: Db, app: number, who: string, conv: number, floor: number): Promise<boolean> {
  const rows = await db.all<{ mentions: string }>(
    `select m.mentions from messages m where m.app = ? and m.conv = ? and m.ts > ? and m.mentions is not null
       and m.sender <> ? and ${countedOf('m')} and ${notHidden('?')} order by m.ts desc limit ${scanRows}`,
    app,
    conv,
    floor,
    who,
    who,
  );
  return rows.some((row) => {
    const { all, who: named } = JSON.parse(row.mentions) as Mentions;
    return all || named.includes(who);
  });
}

const oldestFirst = (found: readonly (Delivery & { sender: string })[]): Delivery[] =>
  [...found]
    .sort((a, b) => a.ts - b.ts)
    .map(({ ts, no, sender, flags }) => ({ ts, no, sender: sender === '' ? null : sender, flags }));

export const markWrites: SliceWrites<MarkWrites> = {
  async delivered(tx, app, conversation, who, ts) {
    const head = await tx.one<{ ts: number }>('select ts from heads where app = ? and no = ?', app, conversation);
    if (!head) throw notFound();
    const upTo = Math.max(0, Math.min(ts, head.ts));
    const before = await tx.one<{ delivered_ts: number }>(
      'select delivered_ts from marks where app = ? and who = ? and conv = ?',
      app,
      who,
      conversation,
    );
    const from = before?.delivered_ts ?? 0;
    if (upTo <= from) return { ts: from, moved: false, first: [], asked: [] };
    await tx.run(
      `insert into marks (app, who, conv, delivered_ts, delivered_at) values (?, ?, ?, ?, ?) on conflict (app, who, conv)
       do update set delivered_ts = excluded.delivered_ts, delivered_at = excluded.delivered_at
       where marks.delivered_ts < excluded.delivered_ts`,
      app,
      who,
      conversation,
      upTo,
      tx.now,
    );
    const first = await tx.all<Delivery & { sender: string }>(
      `update messages set delivered_at = ? where no in (select no from messages where app = ? and conv = ? and ts > ? and ts <= ?
         and sender <> ? and delivered_at is null order by ts desc limit ?) returning ts, no, sender, flags`,
      tx.now,
      app,
      conversation,
      from,
      upTo,
      who,
      limits.deliveriesMax,
    );
    const asked = await tx.all<Delivery & { sender: string }>(
      `select m.ts, m.no, m.sender, m.flags from (select ts, no, sender, flags from messages
         where app = ? and conv = ? and ts > ? and ts <= ? order by ts desc limit ?) m
       where m.sender <> ? and (m.flags & ${messageFlags.receipt}) <> 0 order by m.ts desc limit ?`,
      app,
      conversation,
      from,
      upTo,
      scanRows,
      who,
      limits.deliveriesMax,
    );
    return { ts: upTo, moved: true, first: oldestFirst(first), asked: oldestFirst(asked) };
  },

  async read(tx, app, conversation, who, ts) {
    const head = await tx.one<{ ts: number }>('select ts from heads where app = ? and no = ?', app, conversation);
    if (!head) throw notFound();
    const upTo = Math.max(0, Math.min(ts, head.ts));
    const before = await tx.one<{ read_ts: number }>(
      'select read_ts from marks where app = ? and who = ? and conv = ?',
      app,
      who,
      conversation,
    );
    if (upTo <= (before?.read_ts ?? 0)) return { ts: before?.read_ts ?? 0, moved: false };
    const rows = await tx.run(
      `insert into marks (app, who, conv, read_ts, read_at, moved_at) values (?, ?, ?, ?, ?, ?) on conflict (app, who, conv)
       do update set read_ts = excluded.read_ts, read_at = excluded.read_at, moved_at = excluded.moved_at
       where marks.read_ts < excluded.read_ts`,
      app,
      who,
      conversation,
      upTo,
      tx.now,
      tx.now,
    );
    return { ts: upTo, moved: rows > 0 };
  },
};
