// Who may not speak in a conversation.
import { silenceMembers, unsilenceMembers } from '../../../core/conversations/silence.ts';
import { ensureUsers } from '../../../core/users/ensure.ts';
import { type Act, type Actor, need } from './client.ts';
import type { ConvMessage } from './frames.ts';
import { nextOf, pageOf } from './page.ts';
import { assertPrivileged, conversationOf } from './standing.ts';

async function privileged(actor: Actor, said: ConvMessage) {
  const people = [...new Set(said.m ?? [])];
  if (people.length === 0 || people.includes('')) need<string>(undefined, 'm');
  const conversation = await conversationOf(actor, said.cid);
  await assertPrivileged(actor, conversation);
  return { conversation, people };
}

/** Until it is lifted; it outlives a membership. */
export const silence: Act = async (actor, { convMessage: said = {} }) => {
  const { conversation, people } = await privileged(actor, said);
  const { core, app, who, origin } = actor;
  await ensureUsers(core, app, people, 'create-any');
  const wish = { until: null, sticky: true, membersOnly: false, by: who };
  await silenceMembers(core, app, conversation, people, wish, origin);
  return { cmd: 'conv', op: 'shutup_added', convMessage: { cid: conversation.id, allowedPids: people } };
};

export const unsilence: Act = async (actor, { convMessage: said = {} }) => {
  const { conversation, people } = await privileged(actor, said);
  const { core, app, who, origin } = actor;
  await unsilenceMembers(core, app, conversation, people, { by: who }, origin);
  return { cmd: 'conv', op: 'shutup_removed', convMessage: { cid: conversation.id, allowedPids: people } };
};

export const listSilences: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app } = actor;
  const { no, id } = await conversationOf(actor, said.cid);
  const page = pageOf(said);
  const { total, silences } = await core.store.conversations.silences(app.no, no, page, core.clock.now());
  const m = silences.map(({ who }) => who);
  return { cmd: 'conv', op: 'shutup_result', convMessage: { cid: id, m, ...nextOf(page, total) } };
};

export const checkSilence: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app } = actor;
  const { id } = await conversationOf(actor, said.cid);
  const silenced = (await core.facts.group(app.no, id))?.silenced ?? new Map<string, number | null>();
  const now = core.clock.now();
  const m = (said.m ?? []).filter((who) => {
    const until = silenced.get(who);
    return until === null || (until !== undefined && until > now);
  });
  return { cmd: 'conv', op: 'check_result', convMessage: { cid: id, m } };
};
