// Growing up: an embedded installation's database and files into PostgreSQL (and object storage), so that any number of
// nodes can go on with them. Given again after an interruption it goes on where it stopped; what was moved is compared.
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openBlobs } from '../blobs/open.ts';
import { type Config, readConfig } from '../config.ts';
import { isUploadPath } from '../core/attachments/paths.ts';
import { systemClock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import { openLog } from '../log.ts';
import { compareTable } from '../store/move/compare.ts';
import { closeMove, copyCounters, copyTable, NotEmpty, openMove } from '../store/move/copy.ts';
import { type Table, tablesOf } from '../store/move/tables.ts';
import { migrate as migratePostgres } from '../store/postgres/migrate.ts';
import { openPool, type Pool } from '../store/postgres/pool.ts';
import { newestVersion } from '../store/sql/migrations/all.ts';
import { lockDataFolder } from '../store/sqlite/lock.ts';
import { migrate as migrateSqlite, versionOf } from '../store/sqlite/migrate.ts';
import { type Io, OperatorError } from './io.ts';
import { databasePath, uploadsPath } from './open-store.ts';
import { readOptions, words } from './options.ts';

/** The data folder's server must not run. Nothing in the data folder is changed but its version. */
export async function move(args: readonly string[], io: Io): Promise<number> {
  words(readOptions(args, {}).positionals);
  const config = readConfig(io.env);
  if (!config.databaseUrl) throw new OperatorError('HONGYAN_DATABASE_URL says where to: set it');
  if (!existsSync(databasePath(config.dataDir)))
    throw new OperatorError(`there is no embedded database in ${config.dataDir}: set HONGYAN_DATA`);
  const lock = takeLock(config.dataDir);
  const log = openLog({ level: 'warn' });
  const pool = openPool({ url: config.databaseUrl.reveal(), log, connectionsMax: 2 });
  const source = openSource(databasePath(config.dataDir));
  try {
    await moveRows(source, pool, io, log);
    await moveFiles(config, io, log);
    await closeMove(pool);
  } finally {
    source.close();
    await pool.end();
    lock.release();
  }
  io.out(
    'Moved. Start the nodes with HONGYAN_DATABASE_URL set as now; the data folder is as it was and can be kept as a backup.',
  );
  return 0;
}

function takeLock(dataDir: string) {
  try {
    return lockDataFolder(dataDir);
  } catch {
    throw new OperatorError(`a server is using ${dataDir}: stop it first`);
  }
}

/** At the newest version, as the database it goes to. */
function openSource(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  if (versionOf(db) !== newestVersion) migrateSqlite(db, systemClock.now());
  return db;
}

async function moveRows(source: DatabaseSync, pool: Pool, io: Io, log: Log): Promise<void> {
  const tables = tablesOf(source);
  await migratePostgres(pool, systemClock.now(), log);
  try {
    await openMove(pool, tables);
  } catch (error) {
    if (!(error instanceof NotEmpty)) throw error;
    throw new OperatorError(
      `the database has rows already (${error.message}) and no move into it was begun: name an empty one`,
    );
  }
  const started = performance.now();
  const tell = openProgress(source, tables, io);
  let copied = 0;
  for (const table of tables) copied += await copyTable(source, pool, table, tell);
  await copyCounters(source, pool);
  io.out(`copied ${copied} rows of ${tables.length} tables in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  await compareAll(source, pool, tables, io);
}

/** A line a table and every few seconds. */
function openProgress(source: DatabaseSync, tables: readonly Table[], io: Io) {
  const totals = new Map(
    tables.map(({ name }) => [name, (source.prepare(`select count(*) as n from "${name}"`).get() as { n: number }).n]),
  );
  const everyMs = 3_000;
  let toldAt = performance.now();
  return (table: string, rows: number): void => {
    if (performance.now() - toldAt < everyMs) return;
    toldAt = performance.now();
    const total = totals.get(table) ?? rows;
    io.out(`${table}: ${rows} of ${total} (${Math.floor((100 * rows) / Math.max(1, total))} %)`);
  };
}

async function compareAll(source: DatabaseSync, pool: Pool, tables: readonly Table[], io: Io): Promise<void> {
  const different: string[] = [];
  for (const table of tables) {
    const { rows, checksum, difference } = await compareTable(source, pool, table);
    if (difference) different.push(`${table.name}: ${difference}`);
    else if (rows > 0) io.out(`the same: ${table.name}, ${rows} rows, sha256 ${checksum.slice(0, 16)}…`);
  }
  if (different.length > 0)
    throw new OperatorError(
      `what was copied is not the same:\n${different.map((line) => `  ${line}`).join('\n')}\nDrop the database, make it anew, and move again.`,
    );
}

async function moveFiles(config: Config, io: Io, log: Log): Promise<void> {
  const folder = uploadsPath(config.dataDir);
  const names = await uploadsIn(folder);
  if (names.length === 0) return;
  if (!config.s3) {
    io.out(
      `${names.length} uploaded files stay in ${folder}: every node must see that folder as its own (HONGYAN_DATA on shared storage), or set HONGYAN_S3_BUCKET and move again.`,
    );
    return;
  }
  const blobs = await openBlobs({ dir: folder, s3: config.s3, log, serving: false });
  try {
    let sent = 0;
    for (const name of names) {
      if (await isThere(blobs.read(name, { start: 0, end: 0 }))) continue;
      await blobs.write(name, createReadStream(join(folder, ...name.split('/'))));
      sent += 1;
      if (sent % 500 === 0) io.out(`files: ${sent} sent`);
    }
    io.out(
      `${sent} of ${names.length} uploaded files were sent to the bucket ${config.s3.bucket}; the others were there`,
    );
  } finally {
    await blobs.close();
  }
}

async function isThere(reading: Promise<{ destroy(): unknown } | undefined>): Promise<boolean> {
  const stream = await reading;
  stream?.destroy();
  return stream !== undefined;
}

async function uploadsIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(isUploadPath);
}
