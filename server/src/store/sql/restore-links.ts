// Links of files that lead here from now on. No edit: nobody said anything.
import type { Relinked } from '../../core/imports/import.ts';
import type { Tx } from './db.ts';
import { nothing, type Outcome } from './restore-slice.ts';

export async function relinkMessages(tx: Tx, app: number, rows: readonly Relinked[]): Promise<Outcome> {
  const outcome = nothing();
  for (const { no, content, original } of rows) {
    const row = await tx.one<{ id: string; foreign_id: string | null }>(
      `select c.id, m.foreign_id from messages m join conversations c on c.app = m.app and c.no = m.conv
       where m.app = ? and m.no = ? and m.kind = ?`,
      app,
      no,
      content.type,
    );
    if (!row) continue;
    await tx.run(
      'update messages set content = ?, original = ? where no = ?',
      JSON.stringify(content),
      original ? JSON.stringify(original) : null,
      no,
    );
    outcome.changed += 1;
    // A comparison with the source is to know that this one says something else by intent.
    if (row.foreign_id !== null)
      outcome.losses.push({
        what: 'link',
        id: `${row.id}/${row.foreign_id}`,
        reason: 'leads to a file here from now on',
      });
  }
  return outcome;
}
