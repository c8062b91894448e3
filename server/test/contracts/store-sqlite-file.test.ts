// The store's contract on SQLite in a file, with its writer in a thread.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../../src/store/sqlite/open.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { storeContract } from './store.suite.ts';

storeContract('SQLite in a file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hongyan-store-'));
  const clock = { ms: Date.now(), now: () => clock.ms };
  const store = await openSqlite({ path: join(dir, 'test.db'), clock, log: quietLog });
  return {
    store,
    clock,
    async close() {
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
});
