// The import as an operator runs it: a process of its own, which can be killed at any moment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../../src/core/json.ts';
import { hongyanPath } from '../kit/command.ts';
import { masterKey } from './source.ts';

export type Run = {
  /** null: it was killed. */
  readonly code: number | null;
  /** The last line of its output. */
  readonly last: JsonObject;
  readonly output: string;
  readonly seconds: number;
  /** The most memory it was seen to have, in MB; 0 where nobody can tell. */
  readonly rssMb: number;
};

export type RunOptions = {
  readonly dataDir: string;
  /** SIGKILL after so many milliseconds. */
  readonly killAfterMs?: number;
  /** They are counted from the beginning of this stage. */
  readonly amid?: string;
  readonly env?: Readonly<Record<string, string>>;
};

export async function runImport(
  args: readonly string[],
  { dataDir, killAfterMs, amid, env }: RunOptions,
): Promise<Run> {
  const begun = performance.now();
  const child = spawn(process.execPath, [hongyanPath, 'import', ...args], {
    env: { ...process.env, HONGYAN_DATA: dataDir, LEANCLOUD_MASTER_KEY: masterKey, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close');
  const ending = new AbortController();
  let counting = false;
  const count = (): void => {
    if (counting || killAfterMs === undefined || !(amid === undefined || output.includes(`"stage":"${amid}"`))) return;
    counting = true;
    wait(killAfterMs, undefined, { signal: ending.signal }).then(
      () => child.kill('SIGKILL'),
      () => {},
    );
  };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      count();
    });
  count();
  const [code] = (await ended) as [number | null];
  ending.abort();
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const last = line.startsWith('{') ? (JSON.parse(line) as JsonObject) : {};
  const rssMb = typeof last.rssMostMb === 'number' ? last.rssMostMb : 0;
  return { code, last, output, seconds: (performance.now() - begun) / 1000, rssMb };
}

export type Sums = { made: number; changed: number; same: number; lost: number };

/** What a finished run has taken, in one stage or in all. */
export function sumsOf({ last }: Run, stage?: string): Sums {
  const sums: Sums = { made: 0, changed: 0, same: 0, lost: 0 };
  for (const [name, counts] of Object.entries((last.taken ?? {}) as Record<string, Sums>))
    if (stage === undefined || name === stage)
      for (const key of Object.keys(sums) as (keyof Sums)[]) sums[key] += counts[key];
  return sums;
}
