// What the slices of an import have in common.
import type { Loss } from '../../core/imports/import.ts';
import { list, pieces, type Tx, unique } from './db.ts';

/** What a slice came to, before what was lost is written down. */
export type Outcome = { made: number; changed: number; same: number; losses: Loss[] };

export const nothing = (): Outcome => ({ made: 0, changed: 0, same: 0, losses: [] });

/** People whom an import names are users from then on. Sorted: two slices that name the same ones do not wait for each other crosswise. */
export async function ensurePeople(tx: Tx, app: number, who: Iterable<string>): Promise<void> {
  for (const id of unique([...who]).sort())
    await tx.run(
      'insert into users (app, id, created_at, profile_at, seen_at) values (?, ?, ?, ?, ?) on conflict do nothing',
      app,
      id,
      tx.now,
      tx.now,
      tx.now,
    );
}

export type Place = { no: number; id: string; kind: string; deleted: number };

/** Conversations by their ids, deleted ones too: their ids are not given again. */
export async function placesOf(tx: Tx, app: number, ids: readonly string[]): Promise<Map<string, Place>> {
  const found = new Map<string, Place>();
  for (const piece of pieces(unique(ids))) {
    const some = list(piece);
    const rows = await tx.all<Place>(
      `select no, id, kind, case when deleted_at is null then 0 else 1 end as deleted from conversations
       where app = ? and id in ${some.sql}`,
      app,
      ...some.values,
    );
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}
