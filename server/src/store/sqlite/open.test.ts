// What SQLite promises beyond the contract: no uncommitted row is seen, versions, backups.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { newestVersion } from '../sql/migrations/all.ts';
import { backupDatabase, checkDatabase } from './backup.ts';
import { openSqlite, type SqliteStore } from './open.ts';

const nothing = () => {};
const log: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing, child: () => log };

describe('SQLite', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hongyan-sqlite-'));
  });
  after(() => rm(dir, { recursive: true }));
  const open = (path: string) =>
    openSqlite({ path: path === ':memory:' ? path : join(dir, path), clock: systemClock, log });
  const text = (conversation: number, words: string) => ({
    ...{ app: 1, conversation, sender: 'a', as: 'user' as const, flags: 0 },
    content: { type: 'text' as const, text: words },
  });

  for (const path of [':memory:', 'seen.db']) {
    test(`[CORE-44] nobody sees a row before its commit, everybody after it (${path})`, async () => {
      const store = await open(path);
      await store.users.ensure(1, ['a', 'b'], 1);
      for (let round = 0; round < 20; round++) {
        let over = false;
        const refused = store.friends.join(1, 'a', ['b', 'a'], 1).catch(() => {
          over = true;
        });
        const good = store.users.setKindNo(1, 'b', round, 1).then(async () => {
          assert.equal((await store.users.byId(1, 'b'))?.kindNo, round);
        });
        while (!over)
          assert.equal(
            await store.friends
              .between(1, 'a', 'b')
              .then((row) => new Promise((resolve) => setImmediate(resolve, row))),
            undefined,
          );
        await Promise.all([refused, good]);
        for (let n = 0; n < 50; n++) {
          const write = store.friends.join(1, 'a', ['b', 'a'], 1).catch(nothing);
          for (let reads = 0; reads < 5; reads++) assert.equal(await store.friends.between(1, 'a', 'b'), undefined);
          if (n % 10 === 0) await write;
        }
      }
      assert.equal(await store.healthy(), true);
      await store.close();
      await assert.rejects(store.users.ensure(1, ['c'], 1), { code: 'unavailable' });
      assert.equal(await store.healthy(), false);
    });
  }

  test('[CORE-45] a database of a newer version is refused and left alone', async () => {
    await (await open('newer.db')).close();
    const db = new DatabaseSync(join(dir, 'newer.db'));
    db.prepare('insert into migrations (version, name, applied_at) values (?, ?, 1)').run(
      newestVersion + 1,
      'from the future',
    );
    db.close();
    await assert.rejects(open('newer.db'), /this server knows up to/);
    const report = await checkDatabase(join(dir, 'newer.db'));
    assert.deepEqual([report.ok, report.version, report.problems.length], [false, newestVersion + 1, 1]);
  });

  async function talking(
    path: string,
  ): Promise<{ store: SqliteStore; no: number; acknowledged(): number; stop(): Promise<void> }> {
    const store = await open(path);
    const { no } = await store.conversations.claimPair(1, 'a', 'b', 1);
    let acknowledged = 0;
    let going = true;
    const caller = async () => {
      while (going) {
        await store.messages.append(text(no, 'x'.repeat(500)));
        acknowledged++;
      }
    };
    const callers = Promise.all(Array.from({ length: 16 }, caller));
    return {
      store,
      no,
      acknowledged: () => acknowledged,
      async stop() {
        going = false;
        await callers;
      },
    };
  }

  test('[CORE-46] a backup taken while messages come in is whole: all that was acknowledged before it, up to one moment', async () => {
    const { store, no, acknowledged, stop } = await talking('busy.db');
    while (acknowledged() < 500) await new Promise((resolve) => setImmediate(resolve));
    const before = acknowledged();
    await store.backupTo(join(dir, 'copy.db'));
    await stop();
    assert.deepEqual(await checkDatabase(join(dir, 'copy.db')), {
      ok: true,
      version: newestVersion,
      newestVersion,
      problems: [],
    });
    const copy = await open('copy.db');
    const last = (await copy.messages.page(1, no, {}, 1))[0];
    assert.ok(last && last.no >= before && last.no < acknowledged(), `${before} ≤ ${last?.no} < ${acknowledged()}`);
    const db = new DatabaseSync(join(dir, 'copy.db'), { readOnly: true });
    assert.equal(
      (db.prepare('select count(*) as count from messages').get() as { count: number }).count,
      last.no,
      'without gaps',
    );
    db.close();
    assert.equal((await copy.messages.append(text(no, 'next'))).no, last.no + 1);
    assert.equal(
      (await copy.conversations.withMembers(1, no))?.lastTs,
      (await copy.messages.page(1, no, {}, 1))[0]?.ts,
    );
    await Promise.all([copy.close(), store.close()]);
  });

  test('[CORE-46] a backup never overwrites a file, and leaves none behind when it fails', async () => {
    const store = await open(':memory:');
    await store.backupTo(join(dir, 'memory.db'));
    assert.equal((await checkDatabase(join(dir, 'memory.db'))).ok, true);
    await store.close();
    await assert.rejects(backupDatabase(join(dir, 'memory.db'), join(dir, 'memory.db')), /exists/);
    await assert.rejects(backupDatabase(join(dir, 'none.db'), join(dir, 'x.db')), { code: 'ENOENT' });
    await writeFile(join(dir, 'text.db'), 'this is no database, and long enough to be looked at'.repeat(100));
    await assert.rejects(backupDatabase(join(dir, 'text.db'), join(dir, 'x.db')), /not a database/);
    assert.deepEqual(
      (await readdir(dir)).filter((name) => name.startsWith('x.db')),
      [],
    );
  });

  test('[CORE-46] a damaged, foreign or missing file is told from a good one', async () => {
    const { store, acknowledged, stop } = await talking('damaged.db');
    while (acknowledged() < 200) await new Promise((resolve) => setImmediate(resolve));
    await stop();
    await store.close();
    await truncate(join(dir, 'damaged.db'), 100_000);
    new DatabaseSync(join(dir, 'foreign.db')).exec('create table t (a)');
    for (const name of ['damaged.db', 'foreign.db', 'missing.db', 'text.db']) {
      const report = await checkDatabase(join(dir, name));
      assert.equal(report.ok, false, name);
      assert.ok(report.problems.length > 0, name);
    }
    assert.ok(!(await readdir(dir)).includes('missing.db'));
  });
});
