// Numbers that are never given twice.
import type { Counter } from '../sql/db.ts';
import type { Connection } from './connection.ts';

export type Counters = { begin(): void; next(counter: Counter): number; save(): void; forget(): void };

/**
 * Counted in memory, written once a commit. Another process that wrote in between (a command beside the server) shows in
 * `data_version`, and they are read anew.
 */
export function openCounters(connection: Connection): Counters {
  const values = new Map<string, number>();
  const dirty = new Set<Counter>();
  let version = -1;
  return {
    begin() {
      const row = connection.one<{ data_version: number }>('pragma data_version', []);
      if (row?.data_version === version && values.size > 0) return;
      version = row?.data_version ?? -1;
      for (const { name, value } of connection.all<{ name: string; value: number }>(
        'select name, value from counters',
        [],
      ))
        values.set(name, value);
    },
    next(counter) {
      const value = (values.get(counter) ?? 0) + 1;
      values.set(counter, value);
      dirty.add(counter);
      return value;
    },
    save() {
      for (const counter of dirty)
        connection.run('update counters set value = ? where name = ?', [values.get(counter) ?? 0, counter]);
      dirty.clear();
    },
    forget() {
      values.clear();
      dirty.clear();
    },
  };
}
