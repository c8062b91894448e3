// Growing up: an embedded installation moves into PostgreSQL with `hongyan move`.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it, test } from 'node:test';
import { copyTable, openMove } from '../../src/store/move/copy.ts';
import { tablesOf } from '../../src/store/move/tables.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { openPool } from '../../src/store/postgres/pool.ts';
import { type ChildServer, openChildServer } from '../kit/child.ts';
import { run, serve } from '../kit/command.ts';
import { execute, openTestDatabase, type TestDatabase, testDatabaseUrl } from '../kit/postgres.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { openS3Server, type S3Server } from '../kit/s3.ts';
import { signOf } from '../kit/world.ts';

const app = { id: 'move-app', clientKey: 'd0d0d0d0d0d0d0d0d0d0d0d0', masterKey: 'd1d1d1d1d1d1d1d1d1d1d1d1' };
const apps = `${app.id}:${app.clientKey}:${app.masterKey}`;
const bulk = 7_000;

if (testDatabaseUrl === undefined)
  test('hongyan move', (t) =>
    t.diagnostic('HONGYAN_TEST_DATABASE_URL is not set: what is tested on PostgreSQL did not run'));
else
  describe('hongyan move', () => {
    let old: ChildServer;
    let target: TestDatabase;
    let s3: S3Server;
    let file: string;
    let env: Record<string, string>;

    const rest = (base: string, method: string, path: string, body?: unknown) =>
      fetch(base + path, {
        method,
        headers: {
          'x-ml-appid': app.id,
          'x-ml-request-sign': signOf(app.clientKey),
          ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        },
        body: body instanceof FormData ? body : (JSON.stringify(body) ?? null),
      });

    before(async () => {
      [old, target, s3] = await Promise.all([openChildServer({ apps }), openTestDatabase(), openS3Server()]);
      await rest(old.base, 'POST', '/ctx/ann/friends/bob', {});
      await rest(old.base, 'POST', '/ctx/ann/attributes', { town: '苏州 🪿', n: 1 });
      const form = new FormData();
      form.append('attachment', new Blob(['a file that moves'], { type: 'text/plain' }), 'note.txt');
      const [address] = (await (await rest(old.base, 'POST', '/attachment', form)).json()) as string[];
      file = new URL(address as string, old.base).pathname;
      await old.stop();
      furnish(join(old.dataDir, 'hongyan.db'));
      env = {
        HONGYAN_DATA: old.dataDir,
        HONGYAN_DATABASE_URL: target.url,
        ...s3.env,
      };
    });
    after(async () => {
      await Promise.all([old?.close(), target?.drop(), s3?.close()]);
    });

    /** Talk of ann and bob, more than a page of it, with what is odd in texts. */
    function furnish(path: string): void {
      const db = new DatabaseSync(path);
      db.exec('begin');
      const conversation = 10_000_001;
      db.prepare(
        `insert into conversations (no, app, id, kind, created_at, updated_at, info_at) values (?, 1, 'abc', 'group', 1, 1, 1)`,
      ).run(conversation);
      db.prepare('insert into heads (no, app, ts, last_ts, members) values (?, 1, ?, ?, 1)').run(
        conversation,
        bulk,
        bulk,
      );
      db.prepare(
        `insert into members (app, conv, who, kind, role, listed, joined_at, since, n) values (1, ?, 'ann', 'group', 'owner', 1, 1, 0, 1)`,
      ).run(conversation);
      const message = db.prepare(
        `insert into messages (no, app, conv, ts, sender, sender_kind, kind, content) values (?, 1, ?, ?, 'ann', 'user', 'text', ?)`,
      );
      for (let n = 1; n <= bulk; n += 1)
        message.run(
          n,
          conversation,
          n,
          JSON.stringify({ type: 'text', text: `${n} \u0000 "é" \\ 🪿 ${'x'.repeat(n % 50)}` }),
        );
      db.prepare("update counters set value = ? where name = 'messages'").run(bulk);
      db.prepare("update counters set value = ? where name = 'conversations'").run(conversation);
      db.exec('commit');
      db.close();
    }

    it('[CORE-500] goes on where it was interrupted, and what came is compared row by row', async () => {
      const pool = openPool({ url: target.url, log: quietLog });
      const source = new DatabaseSync(join(old.dataDir, 'hongyan.db'), { readOnly: true });
      const tables = tablesOf(source);
      await migrate(pool, Date.now(), quietLog);
      await openMove(pool, tables);
      const messages = tables.find(({ name }) => name === 'messages');
      assert.ok(messages);
      const stop = () => {
        throw new Error('the power failed');
      };
      await assert.rejects(copyTable(source, pool, messages, stop), /the power failed/);
      source.close();
      await pool.end();
      const [{ n: half } = { n: 0 }] = await execute(target.url, 'select count(*)::int as n from messages');
      assert.ok(Number(half) > 0 && Number(half) < bulk, `${half} rows came before`);

      const unfinished = await run(['apps', 'list'], env);
      assert.match(unfinished.err, /hongyan move/);
      assert.equal(unfinished.code, 1);

      const moved = await run(['move'], env);
      assert.equal(moved.code, 0, moved.err);
      assert.match(moved.out, new RegExp(`the same: messages, ${bulk} rows, sha256`));
      assert.match(moved.out, /1 of 1 uploaded files were sent/);
      assert.doesNotMatch(moved.out + moved.err, new RegExp(`${app.clientKey}|${app.masterKey}`));
    });

    it('[CORE-501] a server on the copy has the people, the talk and the files, and gives new numbers', async () => {
      const server = await serve({ ...env, HONGYAN_APPS: apps, HONGYAN_DEMO: 'off' });
      try {
        const ann = (await (await rest(server.url, 'GET', '/ctx/ann')).json()) as { attributes: object };
        assert.deepEqual(ann.attributes, { town: '苏州 🪿', n: 1 });
        const read = await fetch(server.url + file);
        assert.equal(await read.text(), 'a file that moves');
        const made = await rest(server.url, 'POST', '/groups', { owner: 'ann', members: ['bob'] });
        assert.equal(made.status, 200);
        const [row] = await execute(target.url, 'select max(no) as no from conversations');
        assert.ok(Number(row?.no) > 10_000_001);
      } finally {
        server.child.kill('SIGTERM');
        assert.equal(await server.ended(), 0);
      }
    });

    it('[CORE-502] refuses a database that has rows of its own, and a data folder that a server uses', async () => {
      const again = await run(['move'], env);
      assert.equal(again.code, 1);
      assert.match(again.err, /has rows already/);
      await old.start();
      const busy = await run(['move'], env);
      assert.equal(busy.code, 1);
      assert.match(busy.err, /stop it first/);
      const nowhere = await run(['move'], { HONGYAN_DATA: old.dataDir });
      assert.match(nowhere.err, /HONGYAN_DATABASE_URL says where to/);
    });
  });
