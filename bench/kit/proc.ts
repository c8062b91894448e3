// CPU and memory of processes as the kernel counts them, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc per second; 100 on every Linux that Node supports. */
const ticksPerSecond = 100;

type Stat = { parent: number; ticks: number };

/**
 * CPU-seconds of these processes, everything they started, and what of that has ended: user and system time, all threads.
 * (proc(5): fields 4 and 14 to 17; the name before them may hold anything.)
 */
export function cpuSeconds(roots: readonly number[]): number {
  let ticks = 0;
  for (const pid of family(roots)) ticks += statOf(pid)?.ticks ?? 0;
  return ticks / ticksPerSecond;
}

/** Bytes of a process's pages that are in memory. */
export function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) * 1024;
}

/** Bytes of memory of these processes and everything they started; shared pages count once (PSS). */
export function proportionalBytes(roots: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of family(roots)) {
    try {
      const found = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
      kilobytes += Number(found?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return kilobytes * 1024;
}

function family(roots: readonly number[]): Set<number> {
  const all = new Set(roots);
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat) parents.set(pid, stat.parent);
  }
  for (let before = 0; before !== all.size; ) {
    before = all.size;
    for (const [pid, parent] of parents) if (all.has(parent)) all.add(pid);
  }
  return all;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number];
    return { parent: Number(fields[1]), ticks: user + system + childUser + childSystem };
  } catch {
    return undefined;
  }
}
