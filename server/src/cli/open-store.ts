// The store and what stands on it, for one command beside a server that may be running: the database knows how to share.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBlobs } from '../blobs/open.ts';
import { openLocalBus } from '../bus/local.ts';
import type { Config } from '../config.ts';
import { openAppRegistry } from '../core/apps/registry.ts';
import type { Core } from '../core/core.ts';
import { systemClock } from '../core/ports/clock.ts';
import { openLog } from '../log.ts';
import { openStore } from '../store/open.ts';
import { OperatorError } from './io.ts';

export const databasePath = (dataDir: string): string => join(dataDir, 'hongyan.db');
export const uploadsPath = (dataDir: string): string => join(dataDir, 'uploads');

export type CommandCore = Pick<Core, 'store' | 'apps' | 'blobs' | 'bus'>;

/** `make`: a missing database is made; else an OperatorError says that there is none. */
export async function withStore<T>(config: Config, make: boolean, work: (core: CommandCore) => Promise<T>): Promise<T> {
  const path = databasePath(config.dataDir);
  const url = config.databaseUrl?.reveal();
  if (url === undefined && !make && !existsSync(path)) {
    throw new OperatorError(`there is no data in ${config.dataDir}: run it where the server runs, or set HONGYAN_DATA`);
  }
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const log = openLog({ level: 'warn' });
  await using opened = new AsyncDisposableStack();
  const { store, close } = await openStore({ as: 'command', url, path, clock: systemClock, log });
  opened.defer(close);
  const bus = openLocalBus();
  opened.defer(() => bus.close());
  const blobs = await openBlobs({ dir: uploadsPath(config.dataDir), s3: config.s3, log, serving: false });
  opened.defer(() => blobs.close());
  return await work({ store, bus, blobs, apps: openAppRegistry(store, systemClock) });
}
