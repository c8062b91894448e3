// PostgreSQL between processes, and when it goes away: kill -9 of a node, nodes that start at once, connections that
// break in the worst moment, and a server that is stopped and started again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/core/ports/clock.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { openWay } from '../kit/cut.ts';
import { eventually } from '../kit/eventually.ts';
import { execute, openOwnPostgres, openTestDatabase, type TestDatabase, testDatabaseUrl } from '../kit/postgres.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { refusal, text } from './store.suite.ts';

const program = fileURLToPath(new URL('../kit/store-child.ts', import.meta.url));
const keys = { clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) };
const open = (url: string) => openPostgres({ url, clock: systemClock, log: quietLog });

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, lines: () => output.split('\n').slice(0, -1), ended };
}

describe('PostgreSQL between processes', {
  skip: testDatabaseUrl ? false : 'HONGYAN_TEST_DATABASE_URL is not set',
}, () => {
  let database: TestDatabase;
  before(async () => {
    database = await openTestDatabase();
  });
  after(() => database.drop());

  test('[CORE-39] processes that open a new database at once all find it whole, and share its counters', async () => {
    const fresh = await openTestDatabase();
    try {
      const ids = ['one', 'two', 'three', 'four'];
      const children = ids.map((id) => run('app', fresh.url, id));
      assert.deepEqual(await Promise.all(children.map((child) => child.ended)), [0, 0, 0, 0]);
      assert.deepEqual(children.flatMap((child) => child.lines()).sort(), ['1', '2', '3', '4']);
      const store = await open(fresh.url);
      assert.deepEqual((await store.apps.list()).map((app) => app.id).sort(), ids.toSorted());
      await store.close();
    } finally {
      await fresh.drop();
    }
  });

  test('[CORE-38] kill -9 of one of two nodes in the midst of appends: every acknowledged message is there, once, in order', async (t) => {
    const acknowledged = new Map<string, string>();
    const other = run('append', database.url, '16');
    for (const wanted of [300, 1, 900]) {
      const child = run('append', database.url, '64');
      await eventually('acknowledged messages', () => child.lines().length >= wanted, 20_000, 1);
      child.process.kill('SIGKILL');
      await child.ended;
      for (const line of child.lines()) {
        const [ts, no, ref] = line.split(' ');
        acknowledged.set(ref ?? '', `${ts} ${no}`);
      }
    }
    other.process.kill('SIGKILL');
    await other.ended;
    const store = await open(database.url);
    const app = await store.apps.byId('crash');
    const direct = await store.conversations.ofPair(app?.no ?? 0, 'a', 'b');
    const found = new Map<string, string>();
    let rows = 0;
    for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined; ) {
      const page = await store.messages.page(app?.no ?? 0, direct?.no ?? 0, { before }, 1_000);
      for (const message of page) found.set((message.content as { text: string }).text, `${message.ts} ${message.no}`);
      for (let n = 1; n < page.length; n++) assert.ok((page[n - 1]?.no ?? 0) < (page[n]?.no ?? 0));
      rows += page.length;
      before = page[0]?.ts;
    }
    await store.close();
    for (const [ref, place] of acknowledged) assert.equal(found.get(ref), place);
    assert.equal(rows, found.size, 'no message is there twice');
    t.diagnostic(`${acknowledged.size} acknowledged, ${rows} stored`);
  });

  test('[CORE-305] a commit whose answer got lost: a reference is found again, nothing else is told to be kept', async () => {
    const direct = new URL(database.url);
    const way = await openWay(direct.hostname, Number(direct.port || 5432));
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(way.port);
    const store = await open(through.href);
    try {
      const { no: app } = await store.apps.put({ id: 'cut', ...keys });
      await store.users.ensure(app, ['a', 'b'], 1);
      const { no } = await store.conversations.claimPair(app, 'a', 'b', 1);
      const count = async () => (await store.messages.page(app, no, {}, 100)).length;
      // The statement is known by its name once it was prepared.
      await store.messages.append(text(app, no, 'a', 'first'));
      const batch = /append/;

      way.cutAnswerTo(batch);
      const kept = await store.messages.append(text(app, no, 'a', 'again', { ref: 'r' }));
      assert.deepEqual([way.cuts, kept.fresh, await count()], [1, false, 2]);

      way.cutAnswerTo(batch);
      const bare = await refusal(store.messages.append(text(app, no, 'a', 'perhaps')));
      assert.deepEqual([way.cuts, bare, await count()], [2, 'unavailable', 3]);

      way.cutAnswerTo(/commit\0/);
      assert.equal(await refusal(store.users.setKindNo(app, 'a', 7, 1)), 'unavailable');
      assert.deepEqual(
        [way.cuts, (await store.users.byId(app, 'a'))?.kindNo],
        [3, 7],
        'it was kept, and nobody said so',
      );

      way.cutAnswerTo(/update users/);
      await store.users.setKindNo(app, 'b', 8, 1);
      assert.deepEqual(
        [way.cuts, (await store.users.byId(app, 'b'))?.kindNo],
        [4, 8],
        'before its commit it is done again',
      );

      way.cutAnswerTo(/from words/);
      assert.deepEqual(await store.words.list(app), [], 'a read is asked again');
      assert.equal(way.cuts, 5);
    } finally {
      await store.close();
      await way.close();
    }
  });
});

describe('a PostgreSQL that goes away', {
  skip: testDatabaseUrl ? false : 'HONGYAN_TEST_DATABASE_URL is not set',
}, () => {
  test('[CORE-304] calls are unavailable within a bound, nothing acknowledged is lost, and it goes on by itself', async () => {
    const server = await openOwnPostgres();
    const store = await open(server.url);
    try {
      const { no: app } = await store.apps.put({ id: 'away', ...keys });
      const { no } = await store.conversations.claimPair(app, 'a', 'b', 1);
      assert.equal(await store.healthy(), true);
      const acknowledged = new Set<string>();
      for (const how of ['fast', 'immediate'] as const) {
        let running = true;
        const talk = Promise.all(
          Array.from({ length: 8 }, async (_, caller) => {
            for (let n = 0; running; n++) {
              const ref = `${how}-${caller}-${n}`;
              const said = await refusal(store.messages.append(text(app, no, 'a', ref, { ref })));
              if (said === 'nothing was refused') acknowledged.add(ref);
              else assert.equal(said, 'unavailable');
            }
          }),
        );
        await eventually('some talk', () => acknowledged.size > 200, 10_000, 1);
        await server.stop(how);
        const asked = performance.now();
        const outcomes = await Promise.all([
          refusal(store.messages.append(text(app, no, 'a', 'x'))),
          refusal(store.users.ensure(app, ['c'], 1)),
          refusal(store.users.byId(app, 'a')),
        ]);
        assert.deepEqual([...new Set(outcomes)], ['unavailable']);
        assert.ok(performance.now() - asked < 6_000, 'within a bound');
        assert.equal(await store.healthy(), false);
        await server.start();
        await eventually('it is served again', () => store.healthy(), 10_000);
        const before = acknowledged.size;
        await eventually('talk goes on', () => acknowledged.size > before + 100, 10_000, 1);
        running = false;
        await talk;
      }
      const rows = await execute(server.url, 'select ref from messages where ref is not null');
      const stored = rows.map(({ ref }) => ref as string);
      assert.equal(stored.length, new Set(stored).size, 'nothing is there twice');
      const there = new Set(stored);
      assert.deepEqual(
        [...acknowledged].filter((ref) => !there.has(ref)),
        [],
      );
    } finally {
      await store.close();
      await server.close();
    }
  });

  test('[CORE-304] a database that is not there is told at the start, and a newer one is refused', async () => {
    const nowhere = await openTestDatabase();
    await nowhere.drop();
    await assert.rejects(open(nowhere.url), /does not exist/);
    const newer = await openTestDatabase();
    try {
      await (await open(newer.url)).close();
      await execute(newer.url, "insert into migrations (version, name, applied_at) values (999, 'future', 0)");
      await assert.rejects(open(newer.url), /the database has version 999, this server knows up to \d+/);
    } finally {
      await newer.drop();
    }
  });
});
