// What goes wrong in a fault test, one thing after the other, each mended before the test ends.
import { setTimeout as wait } from 'node:timers/promises';
import type { Backends, FaultyNode } from './backends.ts';

export type Trouble =
  | 'node killed'
  | 'node replaced'
  | 'node cut from NATS'
  | 'NATS restarted'
  | 'PostgreSQL restarted';

/** By how often they come. */
const usual: readonly Trouble[] = [
  'node killed',
  'node killed',
  'node killed',
  'node replaced',
  'node cut from NATS',
  'node cut from NATS',
  'NATS restarted',
  'NATS restarted',
  'PostgreSQL restarted',
];

/** Every kind at least once when `rounds` allows it; then as they come. */
export function* plan(random: () => number): Generator<Trouble> {
  const each = [...new Set(usual)].map((trouble) => ({ trouble, at: random() })).sort((a, b) => a.at - b.at);
  for (const { trouble } of each) yield trouble;
  for (;;) yield usual[Math.floor(random() * usual.length)] as Trouble;
}

/** Resolves when it is mended. `down`: where nobody needs to try meanwhile. */
export async function make(
  trouble: Trouble,
  { nodes, nats, postgres }: Backends,
  down: Set<FaultyNode>,
  random: () => number,
): Promise<void> {
  const node = nodes[Math.floor(random() * nodes.length)] as FaultyNode;
  const between = (low: number, high: number) => wait(low + (high - low) * random());
  switch (trouble) {
    case 'node killed':
      await node.server.kill();
      down.add(node);
      await between(200, 2_000);
      await node.startAgain();
      down.delete(node);
      return;
    case 'node replaced': {
      const code = await node.server.stop();
      if (code !== 0) throw new Error(`${node.name} ended with ${code} after SIGTERM`);
      down.add(node);
      await node.startAgain();
      down.delete(node);
      return;
    }
    case 'node cut from NATS':
      if (random() < 0.5) node.nats.refuse();
      else node.nats.stall();
      await between(1_000, 5_000);
      node.nats.pass();
      return;
    case 'NATS restarted':
      await nats.kill();
      await between(300, 3_000);
      await nats.start();
      return;
    case 'PostgreSQL restarted':
      await postgres.stop(random() < 0.5 ? 'fast' : 'immediate');
      await between(100, 1_500);
      await postgres.start();
      return;
    default:
      trouble satisfies never;
  }
}
