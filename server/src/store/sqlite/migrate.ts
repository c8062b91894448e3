// Numbered migrations. They run inside one exclusive transaction, so two processes that start at once take turns and
// the second finds nothing to do.
import type { DatabaseSync } from 'node:sqlite';
import { migrations, newestVersion } from '../sql/migrations/all.ts';
import { knowsTables, tellOfTables } from './expectations.ts';

/** Version of the database, 0 for an empty one. */
export function versionOf(db: DatabaseSync): number {
  const known = db.prepare("select 1 from sqlite_schema where type = 'table' and name = 'migrations'").get();
  if (!known) return 0;
  const row = db.prepare('select max(version) as version from migrations').get() as { version: number | null };
  return row.version ?? 0;
}

/** Brings the database to the newest version. Refuses one that a newer server has written. */
export function migrate(db: DatabaseSync, nowMs: number): void {
  if (versionOf(db) === newestVersion && knowsTables(db)) return;
  db.exec('begin immediate');
  try {
    const version = versionOf(db);
    if (version > newestVersion) {
      throw new Error(
        `the database has version ${version}, this server knows up to ${newestVersion}: run the newer server, or restore a backup from before the upgrade`,
      );
    }
    db.exec(
      'create table if not exists migrations (version integer primary key, name text not null, applied_at integer not null)',
    );
    for (const [n, migration] of migrations.entries()) {
      if (n < version) continue;
      for (const statement of migration.statements) db.exec(statement);
      db.prepare('insert into migrations (version, name, applied_at) values (?, ?, ?)').run(
        n + 1,
        migration.name,
        nowMs,
      );
    }
    tellOfTables(db);
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}
