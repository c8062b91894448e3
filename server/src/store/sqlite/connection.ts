// One connection of node:sqlite, with its prepared statements kept. Everything is synchronous, so the asynchronous SQL
// functions above it complete in microtasks.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Bind } from '../sql/db.ts';

/** How long a connection waits for the lock of another process (a command beside the server, another's migration). */
const busyTimeoutMs = 10_000;

export type Connection = {
  readonly db: DatabaseSync;
  prepare(sql: string): StatementSync;
  all<R>(sql: string, values: readonly Bind[]): R[];
  one<R>(sql: string, values: readonly Bind[]): R | undefined;
  run(sql: string, values: readonly Bind[]): number;
  close(): void;
};

function connect(path: string, readOnly: boolean): Connection {
  const db = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    db,
    prepare,
    all: <R>(sql: string, values: readonly Bind[]) => prepare(sql).all(...values) as R[],
    one: <R>(sql: string, values: readonly Bind[]) => prepare(sql).get(...values) as R | undefined,
    run: (sql, values) => Number(prepare(sql).run(...values).changes),
    close: () => {
      statements.clear();
      db.close();
    },
  };
}

/** A connection that writes. `checkpointPages`: how large the log grows before a commit itself moves it into the database. */
export function connectWriter(path: string, checkpointPages: number): Connection {
  const connection = connect(path, false);
  if (path !== ':memory:') setWal(connection.db);
  connection.db.exec(`pragma synchronous = full; pragma cache_size = -65536; pragma temp_store = memory;
    pragma wal_autocheckpoint = ${checkpointPages}; pragma journal_size_limit = 67108864`);
  return connection;
}

/** A connection that cannot write. The file must exist. */
export function connectReader(path: string): Connection {
  const connection = connect(path, true);
  connection.db.exec('pragma cache_size = -65536; pragma temp_store = memory');
  return connection;
}

/** The switch to WAL does not always wait for the busy timeout, so it is tried again when two processes start at once. */
function setWal(db: DatabaseSync): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; ; attempt++) {
    try {
      db.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (attempt >= 200) throw error;
      Atomics.wait(sleeper, 0, 0, 25);
    }
  }
}
