// How fast the stores take messages, and what that does to the event loop.
//
//   node server/bin/node24.js bench/store.ts [--seconds 2] [--rows 300000] [--dir <folder on the disk in question>]
//     [--url postgres://… of an empty database on this machine]
//
// Method: one process. Callers append in a closed loop (each waits for its own commit) text messages of some 180 bytes
// with a client reference to random conversations of 5,000; the first 0.3 s of every run are not counted. Delays of the
// event loop are sampled by perf_hooks every millisecond. A run is done on an empty database and on one with --rows
// messages. `thread` is SQLite with its writer in a thread (how a server runs), `inline` on the main thread; `postgres` is
// there with --url. Everything is durable: WAL, synchronous=FULL, synchronous_commit=on. CPU is this process's and, of
// PostgreSQL, all of the server's processes. One pass each: differences below a quarter mean nothing on a shared machine.
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { systemClock } from '../server/src/core/ports/clock.ts';
import type { Store } from '../server/src/core/ports/store.ts';
import { openPostgres } from '../server/src/store/postgres/open.ts';
import { openSqlite } from '../server/src/store/sqlite/open.ts';

const { values: args } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rows: { type: 'string', default: '300000' },
    dir: { type: 'string', default: tmpdir() },
    checkpoint: { type: 'string' },
    only: { type: 'string' },
    url: { type: 'string' },
  },
});
const seconds = Math.min(Number(args.seconds), 30);
const rows = Math.min(Number(args.rows), 2_000_000);
const conversations = 5_000;
const warmUpMs = 300;

const quiet = { error: console.error, warn: console.warn, info() {}, debug() {}, child: () => quiet };
let refs = 0;

type Where = 'thread' | 'inline' | 'postgres';
type Opened = {
  store: Store;
  nos: number[];
  app: number;
  stats: { commits: number; writes: number };
  /** Microseconds of CPU that processes beside this one have used. */
  besideUs(): Promise<number>;
};

/** All processes of the PostgreSQL server that this connection belongs to, those that have ended too. */
function watchServer(postmaster: number): () => Promise<number> {
  const ticks = (pid: string | number, ended: boolean): number => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      const mine = Number(fields[11]) + Number(fields[12]);
      const children = ended ? Number(fields[13]) + Number(fields[14]) : 0;
      return pid === postmaster || Number(fields[1]) === postmaster ? mine + children : 0;
    } catch {
      return 0;
    }
  };
  return async () => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== postmaster);
    return (pids.reduce((sum, pid) => sum + ticks(pid, false), 0) + ticks(postmaster, true)) * 10_000;
  };
}

async function openOne(path: string, where: Where, metrics: { committed(writes: number): void }) {
  if (where === 'postgres') {
    const store = await openPostgres({ url: args.url ?? '', clock: systemClock, log: quiet, metrics });
    const { rows } = await store.pool.query('select pg_backend_pid() as pid');
    const own = readFileSync(`/proc/${rows[0].pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { store, besideUs: watchServer(Number(own[1])) };
  }
  const store = await openSqlite({
    path,
    clock: systemClock,
    log: quiet,
    writer: where,
    metrics,
    ...(args.checkpoint ? { checkpointPages: Number(args.checkpoint) } : {}),
  });
  return { store, besideUs: async () => 0 };
}

async function open(path: string, where: Where): Promise<Opened> {
  const stats = { commits: 0, writes: 0 };
  const committed = (writes: number) => {
    stats.commits++;
    stats.writes += writes;
  };
  const { store, besideUs } = await openOne(path, where, { committed });
  const { no: app } = await store.apps.put({ id: 'bench', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
  const pairs = Array.from({ length: conversations }, (_, n) =>
    store.conversations.claimPair(app, `a${n}`, `b${n}`, Date.now()),
  );
  return { store, besideUs, app, stats, nos: (await Promise.all(pairs)).map(({ no }) => no) };
}

const draft = (app: number, nos: readonly number[]) => ({
  app,
  conversation: nos[Math.floor(Math.random() * nos.length)] ?? 0,
  sender: 'someone',
  as: 'user' as const,
  content: { type: 'text' as const, text: 'the wild goose carries letters home '.repeat(5) },
  flags: 0,
  ref: `r${process.pid}-${++refs}`,
});

async function fill(store: Store, app: number, nos: readonly number[], count: number): Promise<void> {
  let left = count;
  const caller = async () => {
    while (left-- > 0) await store.messages.append(draft(app, nos));
  };
  await Promise.all(Array.from({ length: 512 }, caller));
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

async function measure(where: string, opened: Opened, callers: number, filled: number): Promise<void> {
  const { store, app, nos, stats } = opened;
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + warmUpMs + seconds * 1_000;
  const loop = monitorEventLoopDelay({ resolution: 1 });
  setTimeout(() => {
    loop.enable();
    stats.commits = 0;
    stats.writes = 0;
  }, warmUpMs);
  const caller = async () => {
    for (let now = performance.now(); now < end; ) {
      await store.messages.append(draft(app, nos));
      const done = performance.now();
      if (done > start + warmUpMs && done < end) latencies.push(done - now);
      now = done;
    }
  };
  const cpu = process.cpuUsage();
  const beside = await opened.besideUs();
  await Promise.all(Array.from({ length: callers }, caller));
  const used = process.cpuUsage(cpu);
  const usedBeside = (await opened.besideUs()) - beside;
  loop.disable();
  latencies.sort((a, b) => a - b);
  console.log(
    [
      where,
      filled,
      callers,
      Math.round(latencies.length / seconds),
      at(latencies, 0.5).toFixed(2),
      at(latencies, 0.99).toFixed(2),
      at(latencies, 1).toFixed(0),
    ]
      .concat([
        (loop.percentile(99) / 1e6).toFixed(1),
        (loop.max / 1e6).toFixed(0),
        (stats.writes / stats.commits).toFixed(0),
      ])
      .concat([
        ((used.user + used.system) / Math.max(1, latencies.length)).toFixed(0),
        (usedBeside / Math.max(1, latencies.length)).toFixed(0),
      ])
      .join(' | '),
  );
}

console.log(
  'where | rows before | callers | rows/s | p50 ms | p99 ms | max ms | loop p99 ms | loop max ms | writes a commit | CPU us a row | of others',
);
for (const filled of [0, rows]) {
  for (const where of ['thread', 'inline', ...(args.url ? ['postgres' as const] : [])] as const) {
    if (args.only && !args.only.includes(`${where} ${filled ? 'full' : 'empty'}`)) continue;
    const dir = await mkdtemp(join(args.dir, 'hongyan-bench-'));
    const opened = await open(join(dir, 'bench.db'), where);
    await fill(opened.store, opened.app, opened.nos, filled);
    for (const callers of [1, 64, 512]) await measure(where, opened, callers, filled);
    const wal = where === 'postgres' ? undefined : await stat(join(dir, 'bench.db-wal'));
    await opened.store.close();
    if (wal)
      console.log(
        `  log file ${(wal.size / 1e6).toFixed(0)} MB, database ${((await stat(join(dir, 'bench.db'))).size / 1e6).toFixed(0)} MB`,
      );
    await rm(dir, { recursive: true });
  }
}
