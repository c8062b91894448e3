// One, two and three nodes on one PostgreSQL and one NATS: what a message costs each of them when the two who talk are on
// different nodes. On one machine this shows costs and where they lie, not how far it scales.
import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { Contest, median } from '../kit/contest.ts';
import type { Crowd, Window } from '../kit/load.ts';
import type { Page } from '../kit/page.ts';
import { end, freePort, listening, type Peer } from '../kit/peer.ts';
import type { Scale } from '../kit/scale.ts';
import { startPostgres } from '../peers/debian.ts';
import { type Hongyan, startHongyan } from '../peers/hongyan.ts';
import { befriend, pairsOf } from './direct.ts';

type Cluster = Peer & { readonly nodes: readonly Hongyan[]; readonly parts: readonly (readonly number[])[] };

export async function nodes(page: Page, { pairs, rounds, warmMs, windowMs }: Scale): Promise<void> {
  await using contest = new Contest();
  for (const size of [1, 2, 3])
    await contest.enter(
      `${size} node${size === 1 ? '' : 's'}`,
      () => startCluster(size),
      (peer) => apart(peer as Cluster, pairs),
    );
  for (const inFlight of [1, 8]) {
    await contest.inTurns(rounds, ({ peer, load }) =>
      load.ask('drive', { pids: peer.pids, parts: (peer as Cluster).parts, warmMs, windowMs, inFlight }),
    );
    page.heading(`Several nodes: ${pairs} pairs, the two of a pair on different nodes, ${inFlight} in flight a pair`);
    page.table(
      ['', 'messages / s', 'CPU-s / 1,000: nodes', 'PostgreSQL', 'NATS', 'together', 'ack p50 ms', 'p99 ms'],
      contest.entrants.map(({ name, windows }) => row(name, windows)),
    );
    for (const { name, windows } of contest.entrants)
      page.note(`nodes.w${inFlight}.${name} CPU-s per 1,000`, median(windows.map((one) => perThousand(one, one.cpu))));
  }
  for (const { name, why } of contest.absent) page.say(`Not run: ${name} (${why}).`);
}

const perThousand = ({ acknowledged }: Window, cpu: number): number => (1_000 * cpu) / acknowledged;

function row(name: string, windows: readonly Window[]): (string | number)[] {
  const each = (pick: (window: Window) => number): number => median(windows.map(pick));
  const parts = [0, 1, 2].map((part) => each((one) => perThousand(one, one.parts?.[part] ?? 0)).toFixed(3));
  return [
    name,
    each((one) => one.acknowledged / one.seconds).toFixed(0),
    ...parts,
    each((one) => perThousand(one, one.cpu)).toFixed(3),
    each(({ p50 }) => p50).toFixed(1),
    each(({ p99 }) => p99).toFixed(1),
  ];
}

/** Each comes in at the next node, his partner at the one after it. */
async function apart({ nodes, port }: Cluster, pairs: number): Promise<Crowd> {
  await befriend(nodes[0] as Hongyan, pairs);
  const crowd = pairsOf('maxleap', pairs, port);
  const people = crowd.people.map((one, n) => {
    const place = (n % pairs) + (one.to === undefined ? 0 : 1);
    return { ...one, port: (nodes[place % nodes.length] as Hongyan).port };
  });
  return { ...crowd, people };
}

async function startCluster(size: number): Promise<Cluster> {
  await using opened = new AsyncDisposableStack();
  const database = await startPostgres();
  opened.defer(() => database.close());
  await database.sql('postgres', ['-c', 'create database hongyan']);
  const nats = await startNats();
  opened.defer(() => nats.close());
  const started: Hongyan[] = [];
  for (let n = 0; n < size; n += 1) {
    const node = await startHongyan({
      HONGYAN_DATABASE_URL: `postgres://postgres@127.0.0.1:${database.port}/hongyan`,
      HONGYAN_NATS_URL: `nats://127.0.0.1:${nats.port}`,
      HONGYAN_ADMIN_TOKEN: 'bench-admin-token-0123456789',
    });
    opened.defer(() => node.close());
    started.push(node);
  }
  const parts = [started.flatMap(({ pids }) => pids), database.pids, nats.pids];
  const all = opened.move();
  return { port: started[0]?.port ?? 0, pids: parts.flat(), parts, nodes: started, close: () => all.disposeAsync() };
}

async function startNats(): Promise<Peer> {
  const program = '/usr/sbin/nats-server';
  await access(program).catch(() => Promise.reject(new Error(`${program} is not installed`)));
  const port = await freePort();
  const child = spawn(program, ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  await listening(port, child);
  return { port, pids: [child.pid as number], close: () => end(child) };
}
