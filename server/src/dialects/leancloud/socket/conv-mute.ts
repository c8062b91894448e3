// `conv/mute` and `conv/unmute`: somebody wants no push of a conversation, or wants it again.
import { changeQuiets } from '../../../core/quiets/change.ts';
import { conversationSubject } from '../../../core/subjects.ts';
import { iso } from '../rows.ts';
import type { Act, Actor } from './client.ts';
import type { Command } from './frames.ts';
import { assertMember, conversationOf } from './standing.ts';

export const mute: Act = (actor, { convMessage }) => change(actor, convMessage?.cid, true);
export const unmute: Act = (actor, { convMessage }) => change(actor, convMessage?.cid, false);

async function change(actor: Actor, cid: string | undefined, on: boolean): Promise<Command> {
  const { core, app, who } = actor;
  const conversation = await conversationOf(actor, cid);
  if (conversation.kind !== 'room') await assertMember(actor, conversation);
  const subject = [conversationSubject(conversation.no)];
  await changeQuiets(core, app, who, { add: on ? subject : [], remove: on ? [] : subject, strict: false });
  return { cmd: 'conv', op: 'updated', convMessage: { cid: conversation.id, udate: iso(core.clock.now()) } };
}
