// Presence in PostgreSQL: the contract, and what several nodes promise each other.
import { describe, it } from 'node:test';
import { openPostgresPresence } from '../../src/presence/postgres.ts';
import { openTestDatabase, testDatabaseUrl } from '../kit/postgres.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { presenceContract } from './presence.suite.ts';
import { nodesContract } from './presence-nodes.suite.ts';

if (testDatabaseUrl === undefined)
  describe('presence on PostgreSQL', () =>
    it('is not run: HONGYAN_TEST_DATABASE_URL names no server', (t) => t.diagnostic('not run')));
else {
  const database = openTestDatabase();
  let apps = 0;
  presenceContract('PostgreSQL', async () => {
    const presence = await openPostgresPresence({ url: (await database).url, log: quietLog });
    apps += 2;
    return { presence, app: apps, close: () => presence.close() };
  });
  nodesContract(database);
}
