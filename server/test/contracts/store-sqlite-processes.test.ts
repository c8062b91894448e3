// SQLite's own promises between processes: kill -9, two that start at once, the lock of the data folder.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/core/ports/clock.ts';
import { checkDatabase } from '../../src/store/sqlite/backup.ts';
import { lockDataFolder } from '../../src/store/sqlite/lock.ts';
import { openSqlite } from '../../src/store/sqlite/open.ts';
import { eventually } from '../kit/eventually.ts';
import { quietLog } from '../kit/quiet-log.ts';

const program = fileURLToPath(new URL('../kit/store-child.ts', import.meta.url));

type Child = { process: ChildProcess; lines(): string[]; ended: Promise<number | null> };

function run(...args: string[]): Child {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  // `close`, not `exit`: everything the child had said has been read by then.
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, lines: () => output.split('\n').slice(0, -1), ended };
}

describe('SQLite between processes', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hongyan-store-'));
  });
  after(() => rm(dir, { recursive: true }));

  test('[CORE-38] kill -9 in the midst of appends: every acknowledged message is there, once, in order', async (t) => {
    const path = join(dir, 'crash.db');
    const acknowledged = new Map<string, string>();
    for (const wanted of [300, 1, 900]) {
      const child = run('append', path, '64');
      await eventually('acknowledged messages', () => child.lines().length >= wanted, 20_000, 1);
      child.process.kill('SIGKILL');
      await child.ended;
      for (const line of child.lines()) {
        const [ts, no, ref] = line.split(' ');
        acknowledged.set(ref ?? '', `${ts} ${no}`);
      }
    }
    const store = await openSqlite({ path, clock: systemClock, log: quietLog });
    const app = await store.apps.byId('crash');
    const direct = await store.conversations.ofPair(app?.no ?? 0, 'a', 'b');
    const found = new Map<string, string>();
    let last = 0;
    let rows = 0;
    for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined; ) {
      const page = await store.messages.page(app?.no ?? 0, direct?.no ?? 0, { before }, 100);
      for (const message of page) found.set((message.content as { text: string }).text, `${message.ts} ${message.no}`);
      for (let n = 1; n < page.length; n++) assert.ok((page[n - 1]?.no ?? 0) < (page[n]?.no ?? 0));
      rows += page.length;
      last = Math.max(last, page.at(-1)?.no ?? 0);
      before = page[0]?.ts;
    }
    await store.close();
    for (const [ref, place] of acknowledged) assert.equal(found.get(ref), place);
    assert.equal(rows, found.size, 'no message is there twice');
    assert.ok(last >= rows);
    assert.deepEqual((await checkDatabase(path)).problems, []);
    t.diagnostic(`${acknowledged.size} acknowledged, ${rows} stored`);
  });

  test('[CORE-39] processes that open a new database at once all find it whole, and share its counters', async () => {
    const path = join(dir, 'new.db');
    const ids = ['one', 'two', 'three', 'four'];
    const children = ids.map((id) => run('app', path, id));
    assert.deepEqual(await Promise.all(children.map((child) => child.ended)), [0, 0, 0, 0]);
    assert.deepEqual(children.flatMap((child) => child.lines()).sort(), ['1', '2', '3', '4']);
    const store = await openSqlite({ path, clock: systemClock, log: quietLog });
    assert.deepEqual((await store.apps.list()).map((app) => app.id).sort(), ids.toSorted());
    const put = async (id: string) =>
      (await store.apps.put({ id, clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) })).no;
    assert.equal(await put('five'), 5);
    const beside = run('app', path, 'six');
    assert.equal(await beside.ended, 0);
    assert.deepEqual(beside.lines(), ['6'], 'a command beside a running server');
    assert.equal(await put('seven'), 7);
    await store.close();
  });

  test('[CORE-40] a data folder has one server; its lock is free again when the process is killed', async () => {
    const child = run('lock', dir);
    await eventually('the child has the lock', () => child.lines().includes('locked'), 10_000);
    assert.throws(() => lockDataFolder(dir), /another server is using the data folder/);
    child.process.kill('SIGKILL');
    await child.ended;
    const lock = lockDataFolder(dir);
    assert.throws(() => lockDataFolder(dir), /another server/);
    lock.release();
    lockDataFolder(dir).release();
  });
});
