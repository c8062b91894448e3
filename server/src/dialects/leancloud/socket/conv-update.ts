// `conv/update`: columns change.
import { changeConversation } from '../../../core/conversations/change.ts';
import { ImError } from '../../../core/errors.ts';
import { changeOf } from '../changes.ts';
import { iso } from '../rows.ts';
import { type Act, need } from './client.ts';
import { changedColumns } from './encode-conversation.ts';
import { objectIn } from './json-text.ts';
import { assertMember, conversationOf } from './standing.ts';

/** Members change what they are in, and anybody a room; what a service or a temporary one is, only the application. */
export const update: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app, who, origin } = actor;
  const conversation = await conversationOf(actor, said.cid);
  const { kind, id } = conversation;
  if (kind === 'service' || kind === 'temporary')
    throw new ImError('forbidden', 'this is for the application to change', { purpose: 'change', kind });
  if (kind !== 'room') await assertMember(actor, conversation, 'change');
  const change = { ...changeOf(objectIn(need(said.attr?.data, 'attr'), 'attr')), by: who };
  const changed = await changeConversation(core, app, conversation, change, origin);
  const { attrModified } = changedColumns(change, changed.conversation);
  return {
    cmd: 'conv',
    op: 'updated',
    convMessage: {
      cid: id,
      udate: iso(changed.conversation.updatedAt),
      attrModified: { data: JSON.stringify(attrModified) },
    },
  };
};
