// The parts that uploads, words and jobs stand on, with one app: an in-memory store and a folder of its own.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskBlobs } from '../../src/blobs/disk.ts';
import { openThumbnails } from '../../src/blobs/thumbnails.ts';
import { openLocalBus } from '../../src/bus/local.ts';
import type { App } from '../../src/core/apps/app.ts';
import type { SettingOverrides } from '../../src/core/apps/settings.ts';
import type { Core } from '../../src/core/core.ts';
import { openFacts } from '../../src/core/messages/facts.ts';
import { openWords } from '../../src/core/words/cache.ts';
import { openSqlite } from '../../src/store/sqlite/open.ts';
import { loadFold } from '../../src/words/fold.ts';
import { quietLog } from './quiet-log.ts';

export type Files = {
  readonly core: Pick<Core, 'store' | 'bus' | 'facts' | 'blobs' | 'thumbnails' | 'words' | 'clock' | 'log'>;
  /** The folder of the blobs. */
  readonly dir: string;
  /** Sets the clock. */
  now: number;
  /** The app as it is now. */
  app(): Promise<App>;
  set(overrides: SettingOverrides): Promise<App>;
  /** Every file below `dir`, half-written ones included. */
  stored(): Promise<string[]>;
  close(): Promise<void>;
};

const appId = '0123456789abcdef01234567';

export async function openFiles(): Promise<Files> {
  const dir = await mkdtemp(join(tmpdir(), 'hongyan-files-'));
  const time = { now: Date.now() };
  const clock = { now: () => time.now };
  const store = await openSqlite({ path: ':memory:', clock, log: quietLog });
  await store.apps.put({ id: appId, clientKey: 'client-key', masterKey: 'master-key', idKey: '0'.repeat(32) });
  const app = async () => (await store.apps.byId(appId)) as App;
  const files: Files = {
    core: {
      store,
      bus: openLocalBus(),
      facts: openFacts(store, clock),
      clock,
      log: quietLog,
      blobs: await openDiskBlobs({ dir, log: quietLog }),
      thumbnails: openThumbnails(),
      words: openWords(store, clock, loadFold),
    },
    dir,
    get now() {
      return time.now;
    },
    set now(ms) {
      time.now = ms;
    },
    app,
    async set(overrides) {
      return store.apps.change(appId, { overrides: { ...(await app()).overrides, ...overrides } });
    },
    async stored() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async close() {
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return files;
}
