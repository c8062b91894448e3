// Erasing a conversation: what people see goes at once, its messages in slices, at once or when their time has come. The
// row stays as a tombstone, so that neither its number nor its id ever names another conversation.
import type { ConversationWrites } from '../../core/conversations/conversation.ts';
import type { JsonObject } from '../../core/json.ts';
import { conversationSubject } from '../../core/subjects.ts';
import { living } from './conversations.ts';
import type { Tx } from './db.ts';
import { moveFacets, searchable, subjectOf } from './facets.ts';
import type { SliceWrites } from './slice.ts';

/** Answers who was in it. */
export async function eraseConversation(tx: Tx, app: number, no: number, now: number, keepMs = 0): Promise<string[]> {
  const row = await living(tx, app, no);
  const members = await tx.all<{ who: string }>(
    'select who from members where app = ? and conv = ? order by n',
    app,
    no,
  );
  const subject = subjectOf(row.kind);
  if (subject)
    await moveFacets(tx, app, subject, row.id, searchable(row.name, JSON.parse(row.attributes) as JsonObject), {});
  for (const table of ['members', 'cards', 'claims'])
    await tx.run(`delete from ${table} where app = ? and conv = ?`, app, no);
  const key = conversationSubject(no);
  await tx.run('delete from blocks where app = ? and by_key = ?', app, key);
  await tx.run('delete from blocks where app = ? and target = ?', app, key);
  await tx.run('delete from quiets where app = ? and target = ?', app, key);
  await tx.run('delete from broadcasts where app = ? and conv = ?', app, no);
  await tx.run('delete from heads where app = ? and no = ?', app, no);
  await tx.run(
    `update conversations set deleted_at = ?, updated_at = ?, name = null, attributes = '{}', columns = '{}', description = null,
       avatar = null where app = ? and no = ?`,
    now,
    now,
    app,
    no,
  );
  await tx.run(
    'insert into erasures (app, conv, due_at) values (?, ?, ?) on conflict do nothing',
    app,
    no,
    now + keepMs,
  );
  return members.map((member) => member.who);
}

export const expireConversations: SliceWrites<ConversationWrites>['expire'] = async (tx, now, limit) => {
  const rows = await tx.all<{ app: number; no: number; id: string; kind: 'temporary' }>(
    'select app, no, id, kind from conversations where expires_at <= ? and deleted_at is null order by expires_at limit ?',
    now,
    limit,
  );
  const expired: Awaited<ReturnType<SliceWrites<ConversationWrites>['expire']>> = [];
  for (const row of rows) expired.push({ ...row, members: await eraseConversation(tx, row.app, row.no, now) });
  return expired;
};

export async function eraseSlice(tx: Tx, rows: number): Promise<{ done: boolean }> {
  const next = await tx.one<{ app: number; conv: number }>(
    'select app, conv from erasures where due_at <= ? order by due_at, app, conv limit 1',
    tx.now,
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
  return {
    done: left > 0 && (await tx.one('select conv from erasures where due_at <= ? limit 1', tx.now)) === undefined,
  };
}
