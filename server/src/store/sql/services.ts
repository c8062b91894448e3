// Broadcasts of services, and what clients say to services.
import type { ConversationKey } from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import { threadClaim } from '../../core/ids.ts';
import type { Content, Original, PushWords } from '../../core/messages/message.ts';
import type { Broadcast, ServiceReads, ServiceWrites, Upstream } from '../../core/services/service.ts';
import { keys } from './conversation-scan.ts';
import { living } from './conversations.ts';
import { type Bind, bit, type Db, list, pieces, unique } from './db.ts';
import { putJob } from './outbox.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type BroadcastRow = {
  no: number;
  conv: number;
  sender: string;
  content: string;
  original: string | null;
  push: string | null;
  created_at: number;
  valid_until: number;
};
type UpstreamRow = {
  no: number;
  conv: number;
  who: string;
  content: string;
  original: string | null;
  created_at: number;
};

const dayMs = 86_400_000;
const text = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
const optional = <K extends string, V>(key: K, value: string | null): { readonly [P in K]?: V } =>
  value === null ? {} : ({ [key]: JSON.parse(value) as V } as { readonly [P in K]?: V });

const toBroadcast = (row: BroadcastRow): Broadcast => ({
  no: row.no,
  conversation: row.conv,
  sender: row.sender,
  content: JSON.parse(row.content) as Content,
  ...optional<'original', Original>('original', row.original),
  ...optional<'push', PushWords>('push', row.push),
  createdAt: row.created_at,
  validUntil: row.valid_until,
});

const toUpstream = (row: UpstreamRow): Upstream => ({
  no: row.no,
  conversation: row.conv,
  who: row.who,
  content: JSON.parse(row.content) as Content,
  ...optional<'original', Original>('original', row.original),
  createdAt: row.created_at,
});

const broadcastColumns = 'no, conv, sender, content, original, push, created_at, valid_until';

const broadcastByNo = (db: Db, app: number, no: number) =>
  db.one<BroadcastRow>(`select ${broadcastColumns} from broadcasts where app = ? and no = ?`, app, no);

export const serviceReads: SliceReads<ServiceReads> = {
  async ofThreads(db, app, threads) {
    const found = new Map<number, ConversationKey & { who: string }>();
    for (const piece of pieces(unique(threads))) {
      const some = list(piece);
      const rows = await db.all<{ conv: number; claim: string }>(
        `select conv, claim from claims where app = ? and conv in ${some.sql}`,
        app,
        ...some.values,
      );
      const claims = rows.flatMap(({ conv, claim }) => {
        const [, service, who] = /^s:(\d+)\|(.*)$/s.exec(claim) ?? [];
        return service === undefined || who === undefined ? [] : [{ conv, service: Number(service), who }];
      });
      const services = await keys(
        db,
        app,
        claims.map(({ service }) => service),
      );
      for (const [n, { conv, who }] of claims.entries()) {
        const service = services[n];
        if (service) found.set(conv, { no: service.no, id: service.id, kind: service.kind, who });
      }
    }
    return threads.map((no) => found.get(no));
  },

  async broadcasts(db, app, { conversation, after = 0, skip = 0, limit }, now) {
    const one: Bind[] = conversation === undefined ? [] : [conversation];
    const rows = await db.all<BroadcastRow>(
      `select ${broadcastColumns} from broadcasts
       where app = ? ${conversation === undefined ? '' : 'and conv = ?'} and created_at > ? and valid_until > ?
       order by created_at desc, no desc limit ? offset ?`,
      app,
      ...one,
      after,
      now,
      limit,
      skip,
    );
    return rows.map(toBroadcast);
  },

  async told(db, app, conversation, { after, before, from, limit }) {
    const [above, below] = [after?.closed ? '>=' : '>', before?.closed ? '<=' : '<'];
    const order = from === 'newest' ? 'desc' : 'asc';
    const rows = await db.all<BroadcastRow>(
      `select ${broadcastColumns} from broadcasts where app = ? and conv = ? and created_at ${above} ? and created_at ${below} ?
       order by created_at ${order}, no ${order} limit ?`,
      app,
      conversation,
      after?.ts ?? 0,
      before?.ts ?? Number.MAX_SAFE_INTEGER,
      limit,
    );
    return rows.map(toBroadcast);
  },

  async reachedTs(db, app, who) {
    return (await db.one<{ ts: number }>('select ts from broadcast_marks where app = ? and who = ?', app, who))?.ts;
  },

  async threadsOf(db, app, who, services) {
    const found = new Map<string, number>();
    for (const piece of pieces(unique(services))) {
      const some = list(piece.map((service) => threadClaim(service, who)));
      const rows = await db.all<{ claim: string; conv: number }>(
        `select claim, conv from claims where app = ? and claim in ${some.sql}`,
        app,
        ...some.values,
      );
      for (const { claim, conv } of rows) found.set(claim, conv);
    }
    return services.map((service) => found.get(threadClaim(service, who)) ?? null);
  },

  async upstream(db, app, { conversation, before = Number.MAX_SAFE_INTEGER, limit }) {
    const one: Bind[] = conversation === undefined ? [] : [conversation];
    const rows = await db.all<UpstreamRow>(
      `select no, conv, who, content, original, created_at from upstream
       where app = ? ${conversation === undefined ? '' : 'and conv = ?'} and created_at < ? order by created_at desc, no desc limit ?`,
      app,
      ...one,
      before,
      limit,
    );
    return rows.map(toUpstream);
  },

  async waiting(db, app, limit) {
    const rows = await db.all<UpstreamRow>(
      'select no, conv, who, content, original, created_at from upstream where app = ? and told = 0 order by no limit ?',
      app,
      limit,
    );
    return rows.map(toUpstream);
  },
};

export const serviceWrites: SliceWrites<ServiceWrites> = {
  async broadcast(tx, app, draft, dayMax, now, job) {
    await living(tx, app, draft.conversation);
    const row = await tx.one<{ count: number }>(
      'select count(*) as count from broadcasts where app = ? and created_at > ?',
      app,
      now - dayMs,
    );
    if ((row?.count ?? 0) >= dayMax)
      throw new ImError('full', `no more than ${dayMax} broadcasts a day`, { what: 'broadcasts', max: dayMax });
    const no = await tx.nextNo('messages');
    await tx.run(
      `insert into broadcasts (no, app, conv, sender, content, original, push, created_at, valid_until)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      no,
      app,
      draft.conversation,
      draft.sender,
      JSON.stringify(draft.content),
      text(draft.original),
      text(draft.push),
      now,
      draft.validUntil,
    );
    if (job) await putJob(tx, app, job);
    return { ...draft, no, createdAt: now };
  },

  async changeBroadcast(tx, app, no, { content, original }) {
    const rows = await tx.run(
      'update broadcasts set content = ?, original = ? where app = ? and no = ?',
      JSON.stringify(content),
      text(original),
      app,
      no,
    );
    const row = await broadcastByNo(tx, app, no);
    if (rows === 0 || !row) throw new ImError('message-not-found', 'there is no such broadcast');
    return toBroadcast(row);
  },

  async reached(tx, app, who, ts) {
    await tx.run(
      `insert into broadcast_marks (app, who, ts) values (?, ?, ?) on conflict (app, who)
       do update set ts = excluded.ts where broadcast_marks.ts < excluded.ts`,
      app,
      who,
      ts,
    );
  },

  async endBroadcast(tx, app, no) {
    const rows = await tx.run('delete from broadcasts where app = ? and no = ?', app, no);
    if (rows === 0) throw new ImError('message-not-found', 'there is no such broadcast');
  },

  async handOn(tx, app, upstream) {
    for (const piece of pieces(upstream)) {
      const some = list(piece);
      await tx.run(`update upstream set told = 1 where app = ? and no in ${some.sql}`, app, ...some.values);
    }
  },

  async putUpstream(tx, app, draft, now, tell = false) {
    const no = await tx.nextNo('messages');
    await tx.run(
      'insert into upstream (no, app, conv, who, content, original, created_at, told) values (?, ?, ?, ?, ?, ?, ?, ?)',
      no,
      app,
      draft.conversation,
      draft.who,
      JSON.stringify(draft.content),
      text(draft.original),
      now,
      bit(!tell),
    );
    return { ...draft, no, createdAt: now };
  },

  async expireBroadcasts(tx, before, rows) {
    const removed = await tx.run(
      'delete from broadcasts where no in (select no from broadcasts where valid_until < ? limit ?)',
      before,
      rows,
    );
    return { done: removed < rows, removed };
  },
};
