// `conv/query`: conversations as rows.
import { findRows } from '../find-rows.ts';
import { rowsOf } from '../rows.ts';
import type { Row } from '../where.ts';
import { parseOrder } from '../where.ts';
import type { Act, Actor } from './client.ts';
import type { Command } from './frames.ts';
import { objectIn } from './json-text.ts';

const limitUsual = 10;
const limitMax = 1000;
const flags = { compact: 1, lastMessage: 2 } as const;

export const query: Act = async (actor, { convMessage: said = {} }) => {
  const { flag = 0, tempConvIds } = said;
  const parts = {
    who: actor.who,
    members: (flag & flags.compact) === 0,
    lastMessage: (flag & flags.lastMessage) !== 0,
  };
  if (tempConvIds !== undefined && tempConvIds.length > 0) return results(await temporaries(actor, tempConvIds, parts));
  const where = said.where?.data ? objectIn(said.where.data, 'where') : {};
  // Without a condition only one's own, and normal ones, are meant.
  const mine = Object.keys(where).length === 0;
  const rows = await findRows(actor.core, actor.app, {
    where: mine ? { m: actor.who } : where,
    order: parseOrder(said.sort || '-lm'),
    skip: Math.max(0, said.skip ?? 0),
    limit: Math.min(Math.max(0, said.limit ?? limitUsual), limitMax),
    ...(mine ? { kinds: ['direct', 'group'] } : {}),
    parts,
  });
  return results(rows);
};

/** Those that are unknown or over are left out. */
async function temporaries({ core, app }: Actor, ids: readonly string[], parts: Parameters<typeof rowsOf>[3]) {
  const scan = { order: 'created', newestFirst: false, limit: limitMax } as const;
  const filter = { kinds: ['temporary'], ids: ids.slice(0, limitMax) } as const;
  const { conversations } = await core.store.conversations.scan(app.no, filter, scan);
  const now = core.clock.now();
  const alive = conversations.filter(({ expiresAt }) => expiresAt !== null && expiresAt > now);
  return rowsOf(core, app, alive, parts);
}

const results = (rows: readonly Row[]): Command => ({
  cmd: 'conv',
  op: 'results',
  convMessage: { results: { data: JSON.stringify(rows) } },
});
