// The store that was chosen: PostgreSQL where an address is given, else SQLite in a file.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Store } from '../core/ports/store.ts';
import type { PostgresStore } from './postgres/open.ts';
import { lockDataFolder } from './sqlite/lock.ts';
import { openSqlite } from './sqlite/open.ts';

export type StoreOptions = {
  /** Absent: SQLite. */
  readonly url: string | undefined;
  /** SQLite's file, or ':memory:'. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: { committed(writes: number, ms: number): void };
  /** `server`: the folder of SQLite's file is its own from now on. `command`: it works beside a server. */
  readonly as: 'server' | 'command';
  /** For `server`: the folder to lock where the file is not in it. */
  readonly dataDir?: string;
};

export type OpenedStore = {
  readonly store: Store;
  /** Where other nodes use it too. */
  readonly postgres: PostgresStore | undefined;
  close(): Promise<void>;
};

/** A command has few questions, one after the other. */
const commandConnections = 4;

export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const { url, path, clock, log, as, dataDir = dirname(path) } = options;
  const metrics = options.metrics ? { metrics: options.metrics } : {};
  if (url !== undefined) {
    if (as === 'server' && existsSync(path)) log.warn({ path }, 'this SQLite database is not used: PostgreSQL is');
    const few = as === 'command' ? { connectionsMax: commandConnections } : {};
    const { openPostgres } = await import('./postgres/open.ts');
    const postgres = await openPostgres({ url, clock, log, ...metrics, ...few });
    return { store: postgres, postgres, close: () => postgres.close() };
  }
  const lock = as === 'server' ? lockDataFolder(dataDir) : undefined;
  try {
    const store = await openSqlite({ path, clock, log, ...metrics, writer: as === 'server' ? 'thread' : 'inline' });
    return {
      store,
      postgres: undefined,
      async close() {
        await store.close();
        lock?.release();
      },
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}
