// The store's contract on SQLite in memory, where everything happens on this thread.
import { openSqlite } from '../../src/store/sqlite/open.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { storeContract } from './store.suite.ts';

storeContract('SQLite in memory', async () => {
  const clock = { ms: Date.now(), now: () => clock.ms };
  const store = await openSqlite({ path: ':memory:', clock, log: quietLog });
  return { store, clock, close: () => store.close() };
});
