import assert from 'node:assert/strict';
import { after, describe, it, test } from 'node:test';
import { holdDatabase } from '../../src/store/postgres/hold.ts';
import { eventually } from '../kit/eventually.ts';
import { execute, openTestDatabase, testDatabaseUrl } from '../kit/postgres.ts';
import { quietLog } from '../kit/quiet-log.ts';

if (testDatabaseUrl === undefined)
  describe('who may serve a database', () =>
    it('is not run: HONGYAN_TEST_DATABASE_URL names no server', (t) => t.diagnostic('not run')));
else {
  const database = openTestDatabase();
  after(async () => (await database).drop());

  test('[CORE-383] a server without a bus has its database to itself; nodes of a bus share theirs', async () => {
    const { url } = await database;
    const hold = (alone: boolean) => holdDatabase({ url, alone, log: quietLog });
    const alone = await hold(true);
    assert.equal(alone.held(), true);
    await assert.rejects(hold(true), /^Error: another server is using the database/);
    await assert.rejects(hold(false), /another server is using the database/);
    await alone.release();
    const nodes = await Promise.all([hold(false), hold(false)]);
    await assert.rejects(hold(true), /another server is using the database/);
    await Promise.all(nodes.map((node) => node.release()));
    const next = await hold(true);
    // A connection that breaks is made anew, unless somebody else was faster.
    const cut = () =>
      execute(
        url,
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hongyan hold' and datname = current_database()",
      );
    await cut();
    await eventually('the cut is noticed', () => !next.held());
    await eventually('it is held again', () => next.held());
    await cut();
    const faster = await hold(true);
    assert.equal(next.held(), false);
    await Promise.all([next.release(), faster.release()]);
  });
}
