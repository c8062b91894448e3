// `conv/add` and `conv/remove`: people come and go, by themselves or by others.
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { changeMembers } from '../../../core/conversations/members.ts';
import { ImError } from '../../../core/errors.ts';
import { iso } from '../rows.ts';
import { assertSigned, signedTexts } from '../signature.ts';
import { type Act, type Actor, need } from './client.ts';
import type { Command, ConvMessage } from './frames.ts';
import { signatureOf } from './open.ts';
import { allowedAndFailed, partial, readsPartial } from './partial.ts';
import { sitDown, standUp } from './seats.ts';
import { assertMember, conversationOf } from './standing.ts';

type Deed = 'add' | 'remove';

export const addMembers: Act = (actor, { convMessage }) => change(actor, convMessage ?? {}, 'add');
export const removeMembers: Act = (actor, { convMessage }) => change(actor, convMessage ?? {}, 'remove');

async function change(actor: Actor, said: ConvMessage, deed: Deed): Promise<Command> {
  const { core, app, who } = actor;
  const people = [...new Set(said.m ?? [])];
  if (people.length === 0 || people.includes('')) need<string>(undefined, 'm');
  const conversation = await conversationOf(actor, said.cid);
  if (app.settings['leancloud.conversationSignature'])
    assertSigned(
      'conversation',
      app,
      signatureOf(said),
      signedTexts.members(app.id, who, conversation.id, people, deed),
      core.clock.now(),
    );
  const outcome = await byKind(actor, conversation, people, deed);
  const now = await core.store.conversations.open(app.no, conversation.id);
  return {
    cmd: 'conv',
    op: deed === 'add' ? 'added' : 'removed',
    convMessage: { ...outcome, cid: conversation.id, udate: iso(now?.updatedAt ?? core.clock.now()) },
  };
}

async function byKind(actor: Actor, conversation: Conversation, people: readonly string[], deed: Deed) {
  switch (conversation.kind) {
    case 'room':
      return comeOrGo(actor, conversation, people, deed);
    case 'service':
      return subscribe(actor, conversation, people, deed);
    case 'temporary':
    case 'thread':
      throw new ImError('wrong-kind', 'its members are fixed', { kind: conversation.kind, needs: 'group' });
    case 'direct':
    case 'group':
      return members(actor, conversation, people, deed);
    default:
      return conversation.kind satisfies never;
  }
}

/** Who is not in may let himself in; everything else is for members. */
async function members(actor: Actor, conversation: Conversation, people: readonly string[], deed: Deed) {
  const { core, app, who, origin } = actor;
  const alone = people.length === 1 && people[0] === who;
  if (!alone) await assertMember(actor, conversation);
  const rule = {
    mode: readsPartial(actor) ? 'per-id' : 'all-or-nothing',
    ownerLeaves: 'successor',
    blocked: 'error',
    roles: app.settings['leancloud.memberRoles'],
    by: who,
  } as const;
  const outcome = await changeMembers(core, app, conversation, { [deed]: people, rule }, 'create-any', origin);
  return partial(people, outcome.refused);
}

async function subscribe(actor: Actor, conversation: Conversation, people: readonly string[], deed: Deed) {
  const { core, app, who, origin } = actor;
  if (people.length !== 1 || people[0] !== who)
    throw new ImError('wrong-kind', 'others are subscribed by the application', { needs: 'service' });
  const rule = { mode: 'per-id', blocked: 'error', by: who } as const;
  const outcome = await changeMembers(core, app, conversation, { [deed]: people, rule }, 'create-any', origin);
  return partial(people, outcome.refused);
}

async function comeOrGo(actor: Actor, room: Conversation, people: readonly string[], deed: Deed) {
  const { who, live } = actor;
  const others = people.filter((one) => one !== who);
  if (people.includes(who)) await (deed === 'add' ? sitDown : standUp)(actor, live, room);
  return allowedAndFailed(people.includes(who) ? [who] : [], others.length > 0 ? [[4314, others]] : []);
}
