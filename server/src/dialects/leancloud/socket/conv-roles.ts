// `conv/member_info_update`: a member becomes a manager, or a plain member again.
import { setRole } from '../../../core/conversations/roles.ts';
import { ImError } from '../../../core/errors.ts';
import { type Act, need } from './client.ts';
import { assertKind, conversationOf } from './standing.ts';

const roles = new Map([
  ['manager', 'manager'],
  ['member', 'member'],
] as const);

/** The owner makes managers and unmakes them; a manager raises members. Nobody becomes the owner. */
export const setMemberRole: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app, who, origin } = actor;
  if (!app.settings['leancloud.memberRoles'])
    throw new ImError('feature-off', 'roles are switched off', { what: 'roles' });
  const conversation = await conversationOf(actor, said.cid);
  assertKind(conversation, ['group', 'direct'], 'group');
  const target = need(said.targetClientId ?? said.info?.pid, 'targetClientId');
  const role = roles.get((said.info?.role ?? '').toLowerCase() as 'manager');
  if (!role) throw new ImError('invalid-argument', 'there is no such role', { what: 'role', why: 'syntax' });
  const found = await core.store.conversations.among(app.no, conversation.no, [who, target]);
  const roleOf = (id: string) => found.find((member) => member.who === id)?.role;
  const mayRaise = roleOf(who) === 'manager' && roleOf(target) === 'member' && who !== target;
  if (roleOf(who) !== 'owner' && !mayRaise) throw new ImError('forbidden', 'this is for the owner', {});
  if (roleOf(target) === 'owner') throw new ImError('forbidden', 'the owner stays the owner', {});
  await setRole(core, app, conversation, [target], role, who, origin);
  return { cmd: 'conv', op: 'member_info_updated', convMessage: { cid: conversation.id } };
};
