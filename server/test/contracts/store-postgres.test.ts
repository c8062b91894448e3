// The store's contract on PostgreSQL, in a database of its own.
import { test } from 'node:test';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { openTestDatabase, testDatabaseUrl } from '../kit/postgres.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { storeContract } from './store.suite.ts';

if (testDatabaseUrl === undefined) {
  test('PostgreSQL', (t) =>
    t.diagnostic('HONGYAN_TEST_DATABASE_URL is not set: what is tested on PostgreSQL did not run'));
} else {
  storeContract('PostgreSQL', async () => {
    const database = await openTestDatabase();
    const clock = { ms: Date.now(), now: () => clock.ms };
    const store = await openPostgres({ url: database.url, clock, log: quietLog });
    return {
      store,
      clock,
      async close() {
        await store.close();
        await database.drop();
      },
    };
  });
}
