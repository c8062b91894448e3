// Turns among the writes of this node, before any of them has a connection: those that would wait for each other's locks
// wait here, in the order in which they came, and the connections are left to those that can go on.
import type { Keys } from './keys.ts';

/** What is in line for a key: the last that wants it alone, and those after it that share it. */
type Line = { alone: Promise<void> | undefined; readonly sharing: Set<Promise<void>> };

export type Turns = <T>(keys: Keys, work: () => Promise<T>) => Promise<T>;

export function openTurns(): Turns {
  const lines = new Map<string, Line>();
  const lineOf = (key: string): Line => {
    const line = lines.get(key) ?? { alone: undefined, sharing: new Set() };
    lines.set(key, line);
    return line;
  };

  /** Everything that has to end before; what comes later waits for `mine`. No circles: one waits for earlier ones only. */
  function join({ shared, exclusive }: Keys, mine: Promise<void>): Promise<void>[] {
    const before: Promise<void>[] = [];
    for (const key of shared) {
      const line = lineOf(key);
      if (line.alone) before.push(line.alone);
      line.sharing.add(mine);
    }
    for (const key of exclusive) {
      const line = lineOf(key);
      if (line.alone) before.push(line.alone);
      before.push(...line.sharing);
      line.alone = mine;
      line.sharing.clear();
    }
    return before;
  }

  function leave({ shared, exclusive }: Keys, mine: Promise<void>): void {
    for (const key of [...shared, ...exclusive]) {
      const line = lines.get(key);
      if (!line) continue;
      line.sharing.delete(mine);
      if (line.alone === mine) line.alone = undefined;
      if (!line.alone && line.sharing.size === 0) lines.delete(key);
    }
  }

  return async (keys, work) => {
    const { promise: mine, resolve: end } = Promise.withResolvers<void>();
    const before = join(keys, mine);
    if (before.length > 0) await Promise.all(before);
    try {
      return await work();
    } finally {
      leave(keys, mine);
      end();
    }
  };
}
