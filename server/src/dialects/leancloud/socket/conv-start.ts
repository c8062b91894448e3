// `conv/start`: a conversation is made, or the one of these members is found.
import { type ConversationWish, createConversation } from '../../../core/conversations/create.ts';
import { newColumns } from '../changes.ts';
import { iso, ttlOf, uniqueIdOf } from '../rows.ts';
import { assertSigned, signedTexts } from '../signature.ts';
import type { Act, Actor } from './client.ts';
import type { ConvMessage } from './frames.ts';
import { objectIn } from './json-text.ts';
import { signatureOf } from './open.ts';
import { sitDown } from './seats.ts';

const temporarySeconds = 86_400;
const temporarySecondsMax = 2_592_000;
const membersMax = 500;

export const start: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app, who, origin, live } = actor;
  const members = [...new Set([...(said.m ?? []), who])];
  if (app.settings['leancloud.conversationSignature'])
    assertSigned('conversation', app, signatureOf(said), signedTexts.create(app.id, who, members), core.clock.now());
  const wish = wishOf(actor, said, members);
  const { conversation, created } = await createConversation(core, app, wish, 'create-any', origin);
  const { id, kind, createdAt, expiresAt } = conversation;
  if (kind === 'room') await sitDown(actor, live, conversation);
  return {
    cmd: 'conv',
    op: 'started',
    convMessage: {
      cid: id,
      cdate: iso(createdAt),
      ...(wish.unique && kind !== 'temporary' ? { uniqueId: uniqueIdOf(members) } : {}),
      ...(created ? {} : { existing: true }),
      ...(expiresAt === null ? {} : { tempConvTTL: ttlOf(expiresAt, core.clock.now()) }),
    },
  };
};

function wishOf({ core, who }: Actor, said: ConvMessage, members: readonly string[]): ConversationWish {
  const common = {
    owner: who,
    creator: who,
    by: who,
    form: 'hex24',
    keeps: true,
    ...newColumns(said.attr?.data ? objectIn(said.attr.data, 'attr') : {}),
  } as const;
  if (said.transient) return { ...common, kind: 'room', owner: null, members: [] };
  if (said.tempConv) {
    const seconds = Math.min(Math.max(1, said.tempConvTTL || temporarySeconds), temporarySecondsMax);
    const expiresAt = core.clock.now() + seconds * 1000;
    return { ...common, kind: 'temporary', form: 'temporary', owner: null, members, unique: true, expiresAt };
  }
  return { ...common, kind: 'group', members, memberMax: membersMax, ...(said.unique ? { unique: true } : {}) };
}
