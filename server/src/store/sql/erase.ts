// Erasing a conversation: what people see goes at once, its messages in slices. The row stays as a tombstone, so that
// neither its number nor its id ever names another conversation.
import type { JsonObject } from '../../core/json.ts';
import { living } from './conversations.ts';
import type { Tx } from './db.ts';
import { moveFacets, searchable } from './facets.ts';

export async function eraseConversation(tx: Tx, app: number, no: number, now: number): Promise<{ members: string[] }> {
  const row = await living(tx, app, no);
  const members = await tx.all<{ who: string }>(
    'select who from members where app = ? and conv = ? order by n',
    app,
    no,
  );
  if (row.kind === 'group' || row.kind === 'room') {
    await moveFacets(tx, app, row.kind, row.id, searchable(row.name, JSON.parse(row.attributes) as JsonObject), {});
  }
  await tx.run('delete from members where app = ? and conv = ?', app, no);
  await tx.run('delete from cards where app = ? and conv = ?', app, no);
  await tx.run('delete from claims where app = ? and conv = ?', app, no);
  await tx.run('delete from heads where app = ? and no = ?', app, no);
  await tx.run(
    "update conversations set deleted_at = ?, updated_at = ?, name = null, attributes = '{}', columns = '{}', description = null, avatar = null where app = ? and no = ?",
    now,
    now,
    app,
    no,
  );
  await tx.run('insert into erasures (app, conv, due_at) values (?, ?, ?) on conflict do nothing', app, no, now);
  return { members: members.map((member) => member.who) };
}

export async function eraseSlice(tx: Tx, rows: number): Promise<{ done: boolean }> {
  const next = await tx.one<{ app: number; conv: number }>(
    'select app, conv from erasures order by due_at, app, conv limit 1',
  );
  if (!next) return { done: true };
  const { app, conv } = next;
  let left = rows;
  left -= await tx.run(
    'delete from messages where no in (select no from messages where app = ? and conv = ? limit ?)',
    app,
    conv,
    left,
  );
  for (const [table, key] of [
    ['marks', '(app, who, conv)'],
    ['hides', '(app, conv, who, ts)'],
    ['silences', '(app, conv, who)'],
  ] as const) {
    if (left <= 0) return { done: false };
    const columns = key.slice(1, -1);
    left -= await tx.run(
      `delete from ${table} where ${key} in (select ${columns} from ${table} where app = ? and conv = ? limit ?)`,
      app,
      conv,
      left,
    );
  }
  if (left > 0) await tx.run('delete from erasures where app = ? and conv = ?', app, conv);
  return { done: left > 0 && (await tx.one('select conv from erasures limit 1')) === undefined };
}
