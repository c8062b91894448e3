// Who is in a conversation: how many, some of them, and whether one is.
import { ImError } from '../../../core/errors.ts';
import type { Act } from './client.ts';
import { conversationOf, isMember } from './standing.ts';

const shownMax = 50;
const cidsMax = 100;

/** Of a room those who are there now; of everything else its members. */
export const countMembers: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app } = actor;
  const { no, id, kind, memberCount } = await conversationOf(actor, said.cid);
  const count = kind === 'room' ? (await core.presence.attendees(app.no, no, 0)).total : memberCount;
  return { cmd: 'conv', op: 'result', convMessage: { cid: id, count } };
};

export const listMembers: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app } = actor;
  const { no, id, kind } = await conversationOf(actor, said.cid);
  const m =
    kind === 'room'
      ? (await core.presence.attendees(app.no, no, shownMax)).who
      : kind === 'service'
        ? []
        : await core.store.conversations.roster(app.no, no);
  return { cmd: 'conv', op: 'results', convMessage: { cid: id, m } };
};

export const testMembership: Act = async (actor, { convMessage: said = {} }) => {
  const { core, app, who, live } = actor;
  const cids = [...new Set([...(said.cids ?? []), ...(said.cid ? [said.cid] : [])])];
  if (cids.length > cidsMax) throw new ImError('too-large', `at most ${cidsMax} conversations`, { max: cidsMax });
  const rooms = new Set(await core.presence.attending(app.no, live.session.id));
  const answers: Record<string, boolean> = {};
  for (const cid of cids) {
    const found = await core.store.conversations.open(app.no, cid);
    answers[cid] = found !== undefined && (rooms.has(found.no) || (await isMember(actor, found, who)));
  }
  return { cmd: 'conv', op: 'result', convMessage: { results: { data: JSON.stringify(answers) } } };
};
