// The one conversation of a member set, when its members change: its claim goes with it, and a pair that a third person
// joins is a group from then on.
import type { ConversationKind } from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import { setClaim } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ConversationRow } from './conversation-row.ts';
import type { Tx } from './db.ts';
import { moveFacets, searchable } from './facets.ts';

/** Throws `wrong-kind` for a pair that talked by the pair's address: nobody else is let into what they said. */
export async function openPair(tx: Tx, app: number, row: ConversationRow): Promise<ConversationRow> {
  const { no } = row;
  if (row.pair_talk === 1)
    throw new ImError('wrong-kind', 'the talk of two people keeps its two', { purpose: 'change', kind: 'direct' });
  const members = await tx.all<{ who: string }>('select who from members where app = ? and conv = ?', app, no);
  const owner = members.some(({ who }) => who === row.creator) ? row.creator : null;
  await tx.run("update conversations set kind = 'group', owner = ? where app = ? and no = ?", owner, app, no);
  await tx.run("update members set kind = 'group' where app = ? and conv = ?", app, no);
  if (owner !== null)
    await tx.run("update members set role = 'owner' where app = ? and conv = ? and who = ?", app, no, owner);
  const facts = searchable(row.name, JSON.parse(row.attributes) as JsonObject);
  await moveFacets(tx, app, 'group', row.id, {}, facts);
  return { ...row, kind: 'group', owner };
}

/**
 * Gives the conversation the claim of its members as they are now. Where another one has it, the one that was talked in
 * last keeps it. A set of two is a pair's, and a group never takes that.
 */
export async function moveClaim(tx: Tx, app: number, no: number, kind: ConversationKind): Promise<void> {
  await tx.run('delete from claims where app = ? and conv = ?', app, no);
  if (kind !== 'group' && kind !== 'temporary') return;
  const members = await tx.all<{ who: string }>('select who from members where app = ? and conv = ?', app, no);
  const claim = setClaim(
    kind,
    members.map(({ who }) => who),
  );
  if (claim.startsWith('d:')) return;
  const mine = await tx.one<{ last_ts: number }>('select last_ts from heads where app = ? and no = ?', app, no);
  await tx.run(
    `insert into claims (app, claim, conv) values (?, ?, ?) on conflict (app, claim) do update set conv = excluded.conv
     where (select h.last_ts from heads h where h.app = claims.app and h.no = claims.conv) < ?`,
    app,
    claim,
    no,
    mine?.last_ts ?? 0,
  );
}
