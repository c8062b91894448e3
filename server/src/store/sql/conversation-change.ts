// Changing what a conversation is.
import { applyAttributes, assertAttributes } from '../../core/attributes.ts';
import type { ConversationWrites } from '../../core/conversations/conversation.ts';
import { applySteps } from '../../core/conversations/steps.ts';
import type { JsonObject } from '../../core/json.ts';
import { toConversation } from './conversation-row.ts';
import { living, notFound } from './conversations.ts';
import { bit } from './db.ts';
import { moveFacets, searchable, subjectOf } from './facets.ts';
import type { SliceWrites } from './slice.ts';

type Writes = SliceWrites<ConversationWrites>;

export const change: Writes['change'] = async (tx, app, no, asked, now) => {
  // Two who change the same map come one after the other.
  const head = await tx.run('update heads set ts = ts where app = ? and no = ?', app, no);
  if (head === 0) throw notFound();
  const row = await living(tx, app, no);
  const before = {
    attributes: JSON.parse(row.attributes) as JsonObject,
    columns: JSON.parse(row.columns) as JsonObject,
  };
  const merged = asked.attributes ? applyAttributes(before.attributes, asked.attributes) : before.attributes;
  const free = asked.steps
    ? applySteps({ ...before, attributes: merged }, asked.steps)
    : { ...before, attributes: merged };
  if (asked.steps) {
    assertAttributes(free.attributes);
    assertAttributes(free.columns);
  }
  const after = {
    ...row,
    name: asked.name === undefined ? row.name : asked.name,
    description: asked.description === undefined ? row.description : asked.description,
    avatar: asked.avatar === undefined ? row.avatar : asked.avatar,
    open: asked.open === undefined ? row.open : bit(asked.open),
    member_max: asked.memberMax === undefined ? row.member_max : asked.memberMax,
    attributes: JSON.stringify(free.attributes),
    columns: JSON.stringify(free.columns),
  };
  const subject = subjectOf(row.kind);
  if (subject)
    await moveFacets(
      tx,
      app,
      subject,
      row.id,
      searchable(row.name, before.attributes),
      searchable(after.name, free.attributes),
    );
  const moved = (['name', 'description', 'avatar', 'open', 'member_max', 'attributes', 'columns'] as const).some(
    (key) => after[key] !== row[key],
  );
  const updatedAt = moved ? now : row.updated_at;
  await tx.run(
    `update conversations set name = ?, description = ?, avatar = ?, open = ?, member_max = ?, attributes = ?, columns = ?,
       updated_at = ?, info_at = ? where app = ? and no = ?`,
    after.name,
    after.description,
    after.avatar,
    after.open,
    after.member_max,
    after.attributes,
    after.columns,
    updatedAt,
    now,
    app,
    no,
  );
  return { conversation: toConversation({ ...after, updated_at: updatedAt, info_at: now }), moved };
};
