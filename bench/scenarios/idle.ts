// Logged in and silent: memory a session, CPU of heartbeats, logins, and everybody coming back at once.

import { setTimeout as wait } from 'node:timers/promises';
import type { Crowd, Load } from '../kit/load.ts';
import { startLoad } from '../kit/load.ts';
import type { Page } from '../kit/page.ts';
import { type Peer, startScript } from '../kit/peer.ts';
import { cpuSeconds, residentBytes } from '../kit/proc.ts';
import type { Scale } from '../kit/scale.ts';
import { startHongyan, words } from '../peers/hongyan.ts';

/** How often a client of Engine.IO 3 says that it is there. */
const everyMs = 25_000;
/** While the first of all come in, V8's young generation grows to its bound (96 MiB): that is nobody's own. */
const earlier = 6_000;

type Found = {
  bytes: number;
  wholeBytes: number;
  loginsPerCpu: number;
  loginsPerS: number;
  beatCpu: number;
  backS: number;
  lost: number;
};

export async function idle(page: Page, { sessions, settleMs, windowMs, peers }: Scale): Promise<void> {
  const candidates: [string, Crowd['wire'], () => Promise<Peer>][] = [
    ['Hongyan, MaxLeap socket', 'maxleap', () => startHongyan()],
  ];
  if (peers)
    candidates.push(
      ['Hongyan, LeanCloud socket', 'leancloud', () => startHongyan()],
      ['ws alone', 'maxleap', () => startScript('floor.ts', ['none', 'send'])],
      ['socket.io 4', 'socket-io', () => startScript('socket-io.ts', ['none'])],
    );
  const rows: (string | number)[][] = [];
  for (const [name, wire, start] of candidates) {
    try {
      const found = await measure(start, wire, { sessions, settleMs, beatMs: windowMs * 4 });
      const { bytes, wholeBytes, loginsPerCpu, loginsPerS, beatCpu, backS, lost } = found;
      rows.push([
        name,
        (bytes / 1024).toFixed(1),
        (wholeBytes / 2 ** 20).toFixed(0),
        loginsPerCpu.toFixed(0),
        loginsPerS.toFixed(0),
        (beatCpu * 100).toFixed(2),
        backS.toFixed(1),
        lost,
      ]);
      if (name.startsWith('Hongyan')) page.note(`idle.${wire}.KiB a session`, bytes / 1024);
      if (name.startsWith('Hongyan')) page.note(`idle.${wire}.logins per CPU-s`, loginsPerCpu);
    } catch (error) {
      rows.push([`${name}: not run (${(error as Error).message})`, '', '', '', '', '', '', '']);
    }
  }
  page.heading(`Idle: ${sessions} logged-in sessions`);
  page.say(
    `${earlier} others are there before: V8's young generation grows to its bound, 96 MiB, while they come. KiB a session is what the server's resident memory grows by with these ${sessions}, each time ${settleMs / 1_000} s after the last login, when V8 has cleared up; the whole is all it has then. Heartbeats: each session speaks once in ${everyMs / 1_000} s; the share of one core. Back: all connections are cut at once and all come back at once.`,
  );
  page.table(
    [
      'server',
      'KiB a session',
      'whole, MiB',
      'logins / CPU-s',
      'logins / s',
      'heartbeats, % of a core',
      'all back, s',
      'lost meanwhile',
    ],
    rows,
  );
}

export async function measure(
  start: () => Promise<Peer>,
  wire: Crowd['wire'],
  { sessions, settleMs, beatMs }: { sessions: number; settleMs: number; beatMs: number },
): Promise<Found> {
  const peer = await start();
  const load = startLoad();
  const others = startLoad();
  try {
    const [pid] = peer.pids as [number];
    await enter(others, peer, wire, 'earlier', earlier);
    await wait(settleMs);
    const before = { bytes: residentBytes(pid), cpu: cpuSeconds(peer.pids) };
    const { seconds } = await enter(load, peer, wire, 'idle', sessions);
    const cpu = cpuSeconds(peer.pids) - before.cpu;
    await wait(settleMs);
    const wholeBytes = residentBytes(pid);
    const bytes = (wholeBytes - before.bytes) / sessions;
    const beats = await load.ask('idle', { pids: peer.pids, windowMs: beatMs, everyMs });
    const { closed } = await load.ask('leave', undefined);
    const back = await enter(load, peer, wire, 'idle', sessions, sessions);
    return {
      bytes,
      wholeBytes,
      loginsPerCpu: sessions / cpu,
      loginsPerS: sessions / seconds,
      beatCpu: beats.cpu / beats.seconds,
      backS: back.seconds,
      lost: closed,
    };
  } finally {
    load.close();
    others.close();
    await peer.close();
  }
}

const enter = (load: Load, { port }: Peer, wire: Crowd['wire'], start: string, count: number, atOnce?: number) =>
  load.ask('enter', {
    wire,
    place: { port, chars: 200, words },
    people: Array.from({ length: count }, (_, n) => ({ who: `${start}-${n}` })),
    loop: 'acknowledged',
    atOnce,
  });
