import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bind, Db } from '../sql/db.ts';
import { markReads } from '../sql/marks.ts';
import { messageReads } from '../sql/messages.ts';
import { talks } from '../sql/talks.ts';
import { userReads } from '../sql/users.ts';
import { connectWriter } from './connection.ts';
import { migrate } from './migrate.ts';

/** Runs what it is given, and keeps how the planner would go about it. */
function open() {
  const { db, all, one, close } = connectWriter(':memory:', 1_000);
  migrate(db, 1);
  const plans: string[] = [];
  const explain = (sql: string, values: readonly Bind[]) =>
    plans.push(...all<{ detail: string }>(`explain query plan ${sql}`, values).map(({ detail }) => detail));
  const reader: Db = {
    async all<R>(sql: string, ...values: Bind[]) {
      explain(sql, values);
      return all<R>(sql, values);
    },
    async one<R>(sql: string, ...values: Bind[]) {
      explain(sql, values);
      return one<R>(sql, values);
    },
  };
  return { db, reader, plans, close };
}

/** All rows of a table, or all that an app has. */
const walks = (plan: string): boolean =>
  /\(app=\?\)|\(app=\? AND kind=\?\)/.test(plan) || /^SCAN (h|m|c|k|u|messages|members|heads|users)$/.test(plan);

test('[CORE-508] what a messenger opens with is looked up, not found by walking through all that an app has', async () => {
  const { db, reader, plans, close } = open();
  db.exec(`insert into conversations (no, app, id, kind, created_at, updated_at, info_at) values (7, 1, 'g', 'group', 1, 1, 1);
    insert into heads (no, app, ts, last_ts, members) values (7, 1, 5, 5, 1);
    insert into members (app, conv, who, kind, role, listed, joined_at, since, n) values (1, 7, 'a', 'group', 'member', 1, 1, 0, 1);
    insert into messages (no, app, conv, ts, sender, sender_kind, kind, content, mentions)
      values (1, 1, 7, 5, 'b', 'user', 'text', '{}', '{"all":true,"who":[]}')`);
  const many = Array.from({ length: 100 }, (_, n) => n + 7);
  assert.equal((await talks(reader, 1, 'a', { limit: 100 })).length, 1);
  assert.equal(
    (
      await messageReads.newest(
        reader,
        1,
        many.map((conversation) => ({ conversation })),
      )
    )[0]?.no,
    1,
  );
  assert.equal((await markReads.unread(reader, 1, 'a', many))[0]?.mentioned, true);
  await markReads.deliveredTs(reader, 1, 'a', many);
  assert.equal((await messageReads.page(reader, 1, 7, {}, 20)).length, 1);
  await userReads.byIds(
    reader,
    1,
    many.map((n) => `u${n}`),
  );
  assert.ok(plans.some((plan) => plan.includes('messages_mentions')));
  assert.deepEqual(plans.filter(walks), []);
  close();
});

test('[CORE-508] a file of before is told once, and again when it gets another index', () => {
  const { db, close } = open();
  const told = () => (db.prepare('select count(*) as n from sqlite_stat1').get() as { n: number }).n;
  const before = told();
  assert.ok(before > 30);
  db.exec('delete from sqlite_stat1');
  migrate(db, 1);
  assert.equal(told(), before);
  db.exec('create index another on messages (app, kind)');
  migrate(db, 1);
  assert.equal(told(), before + 1);
  close();
});
