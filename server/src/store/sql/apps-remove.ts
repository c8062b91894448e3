// Removing an app: its credentials die with the first call, its rows go in slices.
import type { Tx } from './db.ts';

/** Every table whose rows belong to an app, with its key; what is large comes first. */
const tables: readonly (readonly [table: string, ...key: string[]])[] = [
  ['messages', 'no'],
  ['facets', 'app', 'subject', 'name', 'value', 'id'],
  ['members', 'app', 'conv', 'who'],
  ['cards', 'app', 'conv', 'who'],
  ['marks', 'app', 'who', 'conv'],
  ['hides', 'app', 'conv', 'who', 'ts'],
  ['silences', 'app', 'conv', 'who'],
  ['blocks', 'app', 'by_key', 'target'],
  ['quiets', 'app', 'who', 'target'],
  ['claims', 'app', 'claim'],
  ['erasures', 'app', 'conv'],
  ['heads', 'no'],
  ['conversations', 'no'],
  ['friends', 'app', 'who', 'other'],
  ['strangers', 'app', 'who', 'other'],
  ['installs', 'app', 'id'],
  ['codes', 'app', 'purpose', 'phone'],
  ['throttles', 'app', 'key'],
  ['used', 'app', 'digest'],
  ['tokens', 'app', 'token'],
  ['providers', 'app', 'provider', 'subject'],
  ['accounts', 'app', 'id'],
  ['passengers', 'app', 'id'],
  ['users', 'app', 'id'],
  ['twins', 'app', 'conv'],
  ['notices', 'app', 'topic', 'ts', 'n'],
  ['outbox', 'no'],
  ['callbacks', 'app'],
  ['broadcasts', 'no'],
  ['upstream', 'no'],
  ['broadcast_marks', 'app', 'who'],
  ['device_tags', 'app', 'who', 'tag'],
  ['device_rooms', 'app', 'who', 'device'],
  ['words', 'app', 'word'],
  ['media', 'path'],
  ['imports', 'app', 'source', 'what'],
  ['losses', 'app', 'source', 'what', 'id'],
];

/** Works on the living app of that id, else on one whose removal was begun. Nothing to remove is `done`. */
export async function removeApp(tx: Tx, id: string, rows: number): Promise<{ done: boolean }> {
  await tx.run('update apps set deleted_at = ? where id = ? and deleted_at is null', tx.now, id);
  const app = await tx.one<{ no: number }>('select no from apps where id = ? order by no limit 1', id);
  if (!app) return { done: true };
  let left = rows;
  for (const [table, ...key] of tables) {
    const columns = key.join(', ');
    const which = key.length === 1 ? columns : `(${columns})`;
    left -= await tx.run(
      `delete from ${table} where ${which} in (select ${columns} from ${table} where app = ? limit ?)`,
      app.no,
      left,
    );
    if (left <= 0) return { done: false };
  }
  await tx.run('delete from apps where no = ?', app.no);
  const another = await tx.one('select no from apps where id = ? limit 1', id);
  return { done: another === undefined };
}
