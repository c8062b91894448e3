// How fast the embedded store takes messages, and what that does to the event loop.
//
//   node server/bin/node24.js bench/store.ts [--seconds 2] [--rows 300000] [--dir <folder on the disk in question>]
//
// Method: one process. Callers append in a closed loop (each waits for its own commit) text messages of some 180 bytes
// with a client reference to random conversations of 5,000; the first 0.3 s of every run are not counted. Delays of the
// event loop are sampled by perf_hooks every millisecond. A run is done on an empty database and on one with --rows
// messages. `thread` writes in a thread (how a server runs), `inline` on the main thread. Everything is durable:
// WAL, synchronous=FULL. One pass each: differences below a quarter mean nothing on a shared machine.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { systemClock } from '../server/src/core/ports/clock.ts';
import type { Store } from '../server/src/core/ports/store.ts';
import { openSqlite } from '../server/src/store/sqlite/open.ts';

const { values: args } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rows: { type: 'string', default: '300000' },
    dir: { type: 'string', default: tmpdir() },
    checkpoint: { type: 'string' },
    only: { type: 'string' },
  },
});
const seconds = Math.min(Number(args.seconds), 30);
const rows = Math.min(Number(args.rows), 2_000_000);
const conversations = 5_000;
const warmUpMs = 300;

const quiet = { error: console.error, warn: console.warn, info() {}, debug() {}, child: () => quiet };
let refs = 0;

async function open(
  path: string,
  writer: 'thread' | 'inline',
): Promise<{ store: Store; nos: number[]; app: number; stats: { commits: number; writes: number } }> {
  const stats = { commits: 0, writes: 0 };
  const committed = (writes: number) => {
    stats.commits++;
    stats.writes += writes;
  };
  const store = await openSqlite({
    path,
    clock: systemClock,
    log: quiet,
    writer,
    metrics: { committed },
    ...(args.checkpoint ? { checkpointPages: Number(args.checkpoint) } : {}),
  });
  const { no: app } = await store.apps.put({ id: 'bench', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
  const pairs = Array.from({ length: conversations }, (_, n) =>
    store.conversations.claimPair(app, `a${n}`, `b${n}`, Date.now()),
  );
  return { store, app, stats, nos: (await Promise.all(pairs)).map(({ no }) => no) };
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

async function measure(
  where: string,
  opened: Awaited<ReturnType<typeof open>>,
  callers: number,
  filled: number,
): Promise<void> {
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
  await Promise.all(Array.from({ length: callers }, caller));
  const used = process.cpuUsage(cpu);
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
      .concat([((used.user + used.system) / Math.max(1, latencies.length)).toFixed(0)])
      .join(' | '),
  );
}

console.log(
  'where | rows before | callers | rows/s | p50 ms | p99 ms | max ms | loop p99 ms | loop max ms | writes a commit | CPU us a row',
);
for (const filled of [0, rows]) {
  for (const where of ['thread', 'inline'] as const) {
    if (args.only && !args.only.includes(`${where} ${filled ? 'full' : 'empty'}`)) continue;
    const dir = await mkdtemp(join(args.dir, 'hongyan-bench-'));
    const opened = await open(join(dir, 'bench.db'), where);
    await fill(opened.store, opened.app, opened.nos, filled);
    for (const callers of [1, 64, 512]) await measure(where, opened, callers, filled);
    const wal = await stat(join(dir, 'bench.db-wal'));
    await opened.store.close();
    console.log(
      `  log file ${(wal.size / 1e6).toFixed(0)} MB, database ${((await stat(join(dir, 'bench.db'))).size / 1e6).toFixed(0)} MB`,
    );
    await rm(dir, { recursive: true });
  }
}
