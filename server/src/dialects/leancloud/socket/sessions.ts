// What a session asks about sessions.
import type { Act } from './client.ts';
import { issueToken, tokenSeconds } from './tokens.ts';

const askedMax = 20;

export const querySessions: Act = async ({ core, app }, { sessionMessage: said = {} }) => {
  const asked = [...new Set(said.sessionPeerIds ?? [])].slice(0, askedMax);
  const online = await core.presence.online(app.no, asked);
  return {
    cmd: 'session',
    op: 'query_result',
    sessionMessage: { onlineSessionPeerIds: asked.filter((who) => online.has(who)) },
  };
};

/** The open session is the proof, so the old token may be of any age. */
export const refresh: Act = async ({ core, app, live }) => {
  const { who, tag, device } = live;
  const st = issueToken(app, { client: who, tag, device, issuedAt: core.clock.now() });
  return { cmd: 'session', op: 'refreshed', sessionMessage: { st, stTtl: tokenSeconds } };
};

/** Watch lists of very old clients: taken, and nothing is told. */
export const watch: Act = async (_, { op }) => ({
  cmd: 'session',
  op: op === 'add' ? 'added' : 'removed',
  sessionMessage: {},
});
