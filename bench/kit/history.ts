// A server's data folder with many messages in it, made straight in the database file while no server runs: through a
// door ten million would take hours. The server makes the file and the app; all the rest is written here.
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startHongyan } from '../peers/hongyan.ts';

export type History = {
  readonly folder: string;
  readonly groups: readonly string[];
  readonly messages: number;
};

/** Who is a member of the busiest `reader.groups` groups and has read nothing. */
export const reader = { who: 'reader', groups: 200 };
export const cities = 1_000;
const users = 20;
const body = JSON.stringify({ type: 'text', text: 'x'.repeat(200) });
const spreadMs = 5 * 86_400_000;

/** Made when it is not there. `groups` conversations; how busy they are falls with the square of their number. */
export async function makeHistory(
  folder: string,
  size: { messages: number; conversations: number; users: number },
): Promise<History> {
  const known = join(folder, 'history.json');
  if (
    await access(known).then(
      () => true,
      () => false,
    )
  )
    return JSON.parse(await readFile(known, 'utf8')) as History;
  await mkdir(folder, { recursive: true });
  const server = await startHongyan({ HONGYAN_DATA: folder });
  // The app is there from the first request on.
  await server.post('/groups', { owner: 'u-0', members: ['u-1'] });
  await server.close();
  const groups = fill(join(folder, 'hongyan.db'), size);
  const history = { folder, groups, messages: size.messages };
  await writeFile(known, JSON.stringify(history));
  return history;
}

function fill(path: string, size: { messages: number; conversations: number; users: number }): string[] {
  const db = new DatabaseSync(path);
  db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1048576');
  const { app } = db.prepare('select max(no) as app from apps').get() as { app: number };
  const from = Date.now() - spreadMs - 60_000;
  // Filled row by row, an index in another order than the rows' costs most of the time; built at the end it does not.
  const { sql } = db.prepare("select sql from sqlite_schema where name = 'messages_place'").get() as { sql: string };
  db.exec('drop index messages_place');
  db.exec('begin');
  const groups = fillGroups(db, app, size.conversations, from);
  fillMessages(db, app, groups, size.messages, from);
  fillUsers(db, app, size.users, from);
  db.exec('commit');
  db.exec(sql);
  db.close();
  return groups.map(({ id }) => id);
}

type Group = { readonly no: number; readonly id: string };

function fillGroups(db: DatabaseSync, app: number, count: number, at: number): Group[] {
  const { last } = db.prepare("select value as last from counters where name = 'conversations'").get() as {
    last: number;
  };
  const conversation = db.prepare(
    `insert into conversations (app, no, id, kind, creator, owner, created_at, updated_at, info_at)
     values (?, ?, ?, 'group', ?, ?, ?, ?, ?)`,
  );
  const head = db.prepare('insert into heads (app, no, members) values (?, ?, ?)');
  const member = db.prepare(
    `insert into members (app, conv, who, kind, role, listed, joined_at, since, n) values (?, ?, ?, 'group', ?, ?, ?, 0, ?)`,
  );
  const user = db.prepare(
    'insert or ignore into users (app, id, created_at, profile_at, seen_at) values (?, ?, ?, ?, ?)',
  );
  for (const who of [reader.who, ...Array.from({ length: users }, (_, n) => `u-${n}`)]) user.run(app, who, at, at, at);
  const groups = Array.from({ length: count }, (_, n): Group => {
    const no = last + 1 + n;
    const id = createHash('md5').update(`group ${n}`).digest('hex');
    const people = [0, 1, 2, 3].map((more) => `u-${(n + more) % users}`).concat(n < reader.groups ? [reader.who] : []);
    conversation.run(app, no, id, people[0] as string, people[0] as string, at, at, at);
    head.run(app, no, people.length);
    for (const [place, who] of people.entries())
      member.run(app, no, who, place === 0 ? 'owner' : 'member', place === 0 ? 0 : 1, at, place + 1);
    return { no, id };
  });
  db.prepare("update counters set value = ? where name = 'conversations'").run(last + count);
  return groups;
}

function fillMessages(db: DatabaseSync, app: number, groups: readonly Group[], count: number, from: number): void {
  const last = new Map<number, { ts: number; prev: number }>();
  const insert = db.prepare(
    "insert into messages (no, app, conv, ts, sender, sender_kind, kind, content) values (?, ?, ?, ?, ?, 'user', 'text', ?)",
  );
  // The same choice of conversations every time.
  let seed = 42;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let n = 1; n <= count; n += 1) {
    const { no } = groups[Math.floor(random() ** 2 * groups.length)] as Group;
    const before = last.get(no);
    const ts = Math.max((before?.ts ?? 0) + 1, Math.floor(from + (n / count) * spreadMs));
    last.set(no, { ts, prev: before?.ts ?? 0 });
    insert.run(n, app, no, ts, `u-${n % users}`, body);
  }
  const head = db.prepare('update heads set ts = ?, prev_ts = ?, last_ts = ? where no = ?');
  for (const [no, { ts, prev }] of last) head.run(ts, prev, ts, no);
  db.prepare("update counters set value = ? where name = 'messages'").run(count);
}

function fillUsers(db: DatabaseSync, app: number, count: number, at: number): void {
  const user = db.prepare(
    'insert into users (app, id, attributes, created_at, profile_at, seen_at) values (?, ?, ?, ?, ?, ?)',
  );
  const facet = db.prepare("insert into facets (app, subject, name, value, id) values (?, 'user', 'city', ?, ?)");
  for (let n = 0; n < count; n += 1) {
    const [id, city] = [`many-${String(n).padStart(8, '0')}`, `city-${n % cities}`];
    user.run(app, id, JSON.stringify({ city }), at + n, at, at);
    facet.run(app, city, id);
  }
}
