// Whom a conversation keeps away, and what a client keeps away for himself.
import { blockFrom, unblockFrom } from '../../../core/blocks/block-from.ts';
import { liftBlocks, putBlocks } from '../../../core/blocks/block-people.ts';
import { ImError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { conversationSubject, conversationOf as numberOf } from '../../../core/subjects.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { assertSigned, signedTexts } from '../signature.ts';
import { type Act, type Actor, need } from './client.ts';
import type { BlacklistMessage, Command } from './frames.ts';
import { signatureOf } from './open.ts';
import { nextOf, pageOf } from './page.ts';
import { assertMember, assertPrivileged, conversationOf } from './standing.ts';

type Deed = 'block' | 'unblock';

export const block: Act = (actor, { blacklistMessage }) => change(actor, blacklistMessage ?? {}, 'block');
export const unblock: Act = (actor, { blacklistMessage }) => change(actor, blacklistMessage ?? {}, 'unblock');

function assertOn({ app }: Actor): void {
  if (!app.settings['leancloud.blacklist'])
    throw new ImError('feature-off', 'block lists are switched off', { what: 'blacklist' });
}

const answer = (op: 'blocked' | 'unblocked' | 'query_result' | 'check_result', said: BlacklistMessage): Command => ({
  cmd: 'blacklist',
  op,
  blacklistMessage: said,
});

async function change(actor: Actor, said: BlacklistMessage, deed: Deed): Promise<Command> {
  assertOn(actor);
  if (said.toCids !== undefined && said.srcCid === undefined) return changeOwn(actor, said, deed);
  const { core, app, who, origin } = actor;
  const people = [...new Set(said.toPids ?? [])];
  if (people.length === 0 || people.includes('')) need<string>(undefined, 'toPids');
  const conversation = await conversationOf(actor, said.srcCid);
  if (app.settings['leancloud.blacklistSignature'])
    assertSigned(
      'blacklist',
      app,
      signatureOf(said),
      signedTexts.conversationBlocks(app.id, who, conversation.id, people, deed),
      core.clock.now(),
    );
  await assertPrivileged(actor, conversation);
  if (deed === 'block') {
    await ensureUsers(core, app, people, 'create-any');
    await blockFrom(core, app, conversation, people, { by: who }, origin);
  } else await unblockFrom(core, app, conversation, people, { by: who }, origin);
  return answer(deed === 'block' ? 'blocked' : 'unblocked', { srcCid: conversation.id, allowedPids: people });
}

/** Conversations that others shall not add him to. */
async function changeOwn(actor: Actor, said: BlacklistMessage, deed: Deed): Promise<Command> {
  const { core, app, who } = actor;
  const subjects: string[] = [];
  for (const cid of said.toCids ?? []) {
    const { no, id } = await conversationOf(actor, cid);
    if (app.settings['leancloud.blacklistSignature'])
      assertSigned(
        'blacklist',
        app,
        signatureOf(said),
        signedTexts.clientBlocks(app.id, who, id, deed),
        core.clock.now(),
      );
    subjects.push(conversationSubject(no));
  }
  if (deed === 'block') await putBlocks(core, app, who, subjects, { max: limits.blocksPerUserMax, strict: false });
  else await liftBlocks(core, app, who, subjects, { strict: false });
  const blockedCids = [...(said.toCids ?? [])];
  return answer(deed === 'block' ? 'blocked' : 'unblocked', { srcPid: who, blockedCids });
}

export const listBlocks: Act = async (actor, { blacklistMessage: said = {} }) => {
  assertOn(actor);
  const { core, app, who } = actor;
  const page = pageOf(said);
  if (said.srcCid === undefined) {
    const { total, blocks } = await core.store.blocks.list(app.no, who, page);
    const nos = blocks.flatMap(({ target }) => numberOf(target) ?? []);
    const keys = await core.store.conversations.keys(app.no, nos);
    const blockedCids = keys.flatMap((key) => (key ? [key.id] : []));
    return answer('query_result', { srcPid: who, blockedCids, ...nextOf(page, total) });
  }
  const conversation = await conversationOf(actor, said.srcCid);
  if (conversation.kind !== 'room' && conversation.kind !== 'service') await assertMember(actor, conversation);
  const { total, blocks } = await core.store.blocks.list(app.no, conversationSubject(conversation.no), page);
  const blockedPids = blocks.map(({ target }) => target);
  return answer('query_result', { srcCid: conversation.id, blockedPids, ...nextOf(page, total) });
};

export const checkBlocks: Act = async (actor, { blacklistMessage: said = {} }) => {
  assertOn(actor);
  const { core, app } = actor;
  const { no, id } = await conversationOf(actor, said.srcCid);
  const blockedPids = await core.store.blocks.among(app.no, conversationSubject(no), said.toPids ?? []);
  return answer('check_result', { srcCid: id, blockedPids });
};
