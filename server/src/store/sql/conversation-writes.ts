// Making, changing and erasing conversations.
import { applyAttributes } from '../../core/attributes.ts';
import type { ConversationWrites } from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { change } from './conversation-change.ts';
import { claimPair, claimThread, create } from './conversation-create.ts';
import { eraseConversation, eraseSlice, expireConversations } from './erase.ts';
import { setRole, setShields, silence, unsilence } from './member-states.ts';
import { changeMembers } from './members.ts';
import type { SliceWrites } from './slice.ts';

export const conversationWrites: SliceWrites<ConversationWrites> = {
  create,
  claimPair,
  claimThread,

  change,
  changeMembers,
  setRole,
  setShields,
  silence,
  unsilence,

  async setCard(tx, app, no, who, change) {
    const row = await tx.one<{ attributes: string | null }>(
      `select d.attributes from members m left join cards d on d.app = m.app and d.conv = m.conv and d.who = m.who
       where m.app = ? and m.conv = ? and m.who = ?`,
      app,
      no,
      who,
    );
    if (!row) throw new ImError('not-a-member', 'not a member of this conversation', { purpose: 'change' });
    const after = applyAttributes(JSON.parse(row.attributes ?? '{}') as JsonObject, change);
    await tx.run(
      'insert into cards (app, conv, who, attributes) values (?, ?, ?, ?) on conflict (app, conv, who) do update set attributes = excluded.attributes',
      app,
      no,
      who,
      JSON.stringify(after),
    );
  },

  erase: async (tx, app, no, now, keepMs) => ({ members: await eraseConversation(tx, app, no, now, keepMs) }),
  expire: expireConversations,
  eraseSlice,
};
