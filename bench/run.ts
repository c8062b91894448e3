// A smoke benchmark of one-to-one talk. It answers "did this change cost us half our speed?", not "how fast is Hongyan?".
//
//   npm run bench [-- --pairs 32 --seconds 1 --windows 3]
//
// Method: the server runs as a process of its own on a fresh data folder (SQLite, synchronous=FULL, every acknowledged
// message is durable). Pairs of friends are connected over Engine.IO 3 WebSockets; one of each pair says texts of 100
// characters with a Socket.IO callback and keeps w messages in flight (closed loop: w = 1 and w = 8). Counted are callbacks
// at the senders and `message` events at the partners; CPU is utime + stime of the server process with all its threads,
// from /proc. The load comes from this one process, on the same machine.
//
// Absolute figures mean little on a shared machine. Therefore the yardstick: a bare `ws` relay (relay.ts) on the same wire
// with frames of the same sizes, which stores and checks nothing, measured in turns with the server in the same run. The
// last columns are the server's figures as a share of the relay's: compare those, and only within a quarter.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openChildServer } from '../server/test/kit/child.ts';
import { openTalk, type Talk } from './talk.ts';

const { values: args } = parseArgs({
  options: {
    pairs: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '1' },
    windows: { type: 'string', default: '3' },
  },
});
const pairs = bounded('pairs', args.pairs, 500);
const windowMs = bounded('seconds', args.seconds, 30) * 1_000;
const windows = bounded('windows', args.windows, 20);
const warmMs = 500;
const bodyChars = 100;
/** Ticks of /proc per second; 100 on every Linux that Node supports. */
const ticksPerSecond = 100;
const app = { id: 'bench-app', key: 'd0d0d0d0d0d0d0d0d0d0d0d0', master: 'd1d1d1d1d1d1d1d1d1d1d1d1' };

type Window = { sends: number; deliveries: number; cpu: number; perCpu: number; p50: number; p99: number };
type Target = { name: string; pid: number; talk: Talk };

await main();

async function main(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('CPU is read from /proc: this benchmark runs on Linux only');
  const server = await openChildServer({ apps: `${app.id}:${app.key}:${app.master}` });
  const relay = spawn(process.execPath, [fileURLToPath(new URL('./relay.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const targets: Target[] = [];
  try {
    for (let n = 0; n < pairs; n += 1) await befriend(server.base, `from-${n}`, `to-${n}`);
    const relayBase = `http://127.0.0.1:${await portOf(relay)}`;
    const signed = (id: string): object => ({ app: app.id, sign: signOf(), client: id });
    targets.push({
      name: 'relay',
      pid: relay.pid as number,
      talk: await openTalk(relayBase, pairs, bodyChars, signed),
    });
    targets.push({ name: 'hongyan', pid: server.pid(), talk: await openTalk(server.base, pairs, bodyChars, signed) });
    header();
    for (const inFlight of [1, 8]) await compare(targets, inFlight);
  } finally {
    for (const { talk } of targets) talk.close();
    relay.stdin.end();
    await once(relay, 'exit');
    await server.close();
  }
}

/** Windows in turns, the median of each figure. */
async function compare(targets: Target[], inFlight: number): Promise<void> {
  const seen = new Map<string, Window[]>(targets.map(({ name }) => [name, []]));
  for (let n = 0; n < windows; n += 1) {
    for (const target of targets) seen.get(target.name)?.push(await measure(target, inFlight));
  }
  const [relay, hongyan] = targets.map(({ name }) => middle(seen.get(name) ?? [])) as [Window, Window];
  line(inFlight, 'relay', relay);
  line(inFlight, 'hongyan', hongyan, relay);
}

async function measure({ pid, talk }: Target, inFlight: number): Promise<Window> {
  talk.start(inFlight);
  await wait(warmMs);
  talk.latenciesMs.length = 0;
  const before = { ...talk.counts, ticks: await ticksOf(pid), at: performance.now() };
  await wait(windowMs);
  const after = { ...talk.counts, ticks: await ticksOf(pid), at: performance.now() };
  const latencies = talk.latenciesMs.toSorted((a, b) => a - b);
  await talk.pause();
  if (talk.counts.refused > 0) throw new Error('the server refused messages');
  const seconds = (after.at - before.at) / 1_000;
  const cpu = (after.ticks - before.ticks) / ticksPerSecond;
  const deliveries = after.delivered - before.delivered;
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    sends: (after.acknowledged - before.acknowledged) / seconds,
    deliveries: deliveries / seconds,
    cpu: cpu / seconds,
    perCpu: deliveries / cpu,
    p50: at(0.5),
    p99: at(0.99),
  };
}

function middle(seen: Window[]): Window {
  const names = ['sends', 'deliveries', 'cpu', 'perCpu', 'p50', 'p99'] as const;
  const median = (name: (typeof names)[number]): number =>
    seen.map((one) => one[name]).toSorted((a, b) => a - b)[seen.length >> 1] ?? 0;
  return Object.fromEntries(names.map((name) => [name, median(name)])) as Window;
}

function header(): void {
  const names = [
    'w',
    'target',
    'sends/s',
    'deliveries/s',
    'CPU',
    'deliveries/CPU-s',
    'p50 ms',
    'p99 ms',
    'sends',
    'per CPU-s',
  ];
  row(names);
}

function line(inFlight: number, name: string, found: Window, yardstick?: Window): void {
  const share = (pick: 'sends' | 'perCpu'): string => (yardstick ? (found[pick] / yardstick[pick]).toFixed(2) : '1');
  row([
    String(inFlight),
    name,
    found.sends.toFixed(0),
    found.deliveries.toFixed(0),
    `${(found.cpu * 100).toFixed(0)} %`,
    found.perCpu.toFixed(0),
    found.p50.toFixed(2),
    found.p99.toFixed(2),
    share('sends'),
    share('perCpu'),
  ]);
}

function row(cells: string[]): void {
  const widths = [3, 9, 9, 14, 7, 18, 8, 8, 7, 11];
  process.stdout.write(`${cells.map((cell, n) => cell.padStart(widths[n] ?? 0)).join('')}\n`);
}

/** utime + stime of a process with all its threads (proc(5), fields 14 and 15; the name before may hold anything). */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function portOf(relay: ChildProcess): Promise<number> {
  if (!relay.stdout) throw new Error('the relay has no output');
  const [line] = await once(relay.stdout, 'data');
  return Number(String(line));
}

function signOf(): string {
  const ts = Date.now();
  return `${createHash('md5').update(`${ts}${app.key}`).digest('hex')},${ts}`;
}

async function befriend(base: string, a: string, b: string): Promise<void> {
  const headers = { 'X-ML-AppId': app.id, 'X-ML-Request-Sign': signOf() };
  const response = await fetch(`${base}/ctx/${a}/friends/${b}`, { method: 'POST', headers });
  if (!response.ok) throw new Error(`could not make friends: ${response.status}`);
  await response.arrayBuffer();
}

function bounded(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(`--${name} takes a number from 1 to ${max}`);
}
