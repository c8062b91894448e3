// How far imports have come, what they could not take, and their rows, in slices that are written whole.
import type { ImportReads, ImportState, ImportWrites, Loss, RestoredKind, Slice } from '../../core/imports/import.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Bind, Tx } from './db.ts';
import { restoreConversations } from './restore-conversations.ts';
import { restoreInstalls } from './restore-installs.ts';
import { relinkMessages } from './restore-links.ts';
import { restoreMessages } from './restore-messages.ts';
import type { Outcome } from './restore-slice.ts';
import { restoreStandings } from './restore-standings.ts';
import { restoreUsers } from './restore-users.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type StateRow = { what: string; state: string };
type LossRow = { what: RestoredKind; id: string; reason: string; detail: string | null };

const toState = ({ what, state }: StateRow): ImportState => ({ what, state: JSON.parse(state) as JsonObject });
const toLoss = ({ what, id, reason, detail }: LossRow): Loss => ({
  what,
  id,
  reason,
  ...(detail === null ? {} : { detail }),
});

export const importReads: SliceReads<ImportReads> = {
  async state(db, app, source, what) {
    const row = await db.one<StateRow>(
      'select what, state from imports where app = ? and source = ? and what = ?',
      app,
      source,
      what,
    );
    return row && (JSON.parse(row.state) as JsonObject);
  },

  async states(db, app, source, prefix) {
    const rows = await db.all<StateRow>(
      'select what, state from imports where app = ? and source = ? and what >= ? and what < ? order by what',
      app,
      source,
      prefix,
      `${prefix}\u{10ffff}`,
    );
    return rows.map(toState);
  },

  async sources(db, app) {
    const rows = await db.all<{ source: string }>(
      'select source from imports where app = ? union select source from losses where app = ? order by source',
      app,
      app,
    );
    return rows.map(({ source }) => source);
  },

  async losses(db, app, source, { after, what, limit }) {
    const one: Bind[] = what === undefined ? [] : [what];
    const rows = await db.all<LossRow>(
      `select what, id, reason, detail from losses where app = ? and source = ? and (what, id) > (?, ?)
       ${what === undefined ? '' : 'and what = ?'} order by what, id limit ?`,
      app,
      source,
      after?.what ?? '',
      after?.id ?? '',
      ...one,
      limit,
    );
    return rows.map(toLoss);
  },

  async countLosses(db, app, source) {
    const rows = await db.all<{ what: RestoredKind; reason: string; count: number }>(
      'select what, reason, count(*) as count from losses where app = ? and source = ? group by what, reason order by what, reason',
      app,
      source,
    );
    return rows.map(({ what, reason, count }) => ({ what, reason, count }));
  },
};

export const importWrites: SliceWrites<ImportWrites> = {
  async restoreConversations(tx, app, rows, slice) {
    return keep(tx, app, slice, await restoreConversations(tx, app, rows));
  },
  async restoreStandings(tx, app, rows, slice) {
    return keep(tx, app, slice, await restoreStandings(tx, app, rows));
  },
  async restoreUsers(tx, app, rows, slice) {
    return keep(tx, app, slice, await restoreUsers(tx, app, rows));
  },
  async restoreInstalls(tx, app, rows, slice) {
    return keep(tx, app, slice, await restoreInstalls(tx, app, rows));
  },
  async restoreMessages(tx, app, rows, rule, slice) {
    return keep(tx, app, slice, await restoreMessages(tx, app, rows, rule, slice.source));
  },
  async relink(tx, app, rows, slice) {
    return { ...(await keep(tx, app, slice, await relinkMessages(tx, app, rows))), lost: 0 };
  },
  async note(tx, app, slice) {
    await keep(tx, app, slice, { made: 0, changed: 0, same: 0, losses: [] });
  },
};

async function keep(tx: Tx, app: number, { source, states, losses }: Slice, outcome: Outcome) {
  for (const { what, state } of states) {
    if (state === null)
      await tx.run('delete from imports where app = ? and source = ? and what = ?', app, source, what);
    else
      await tx.run(
        `insert into imports (app, source, what, state, updated_at) values (?, ?, ?, ?, ?)
         on conflict (app, source, what) do update set state = excluded.state, updated_at = excluded.updated_at`,
        app,
        source,
        what,
        JSON.stringify(state),
        tx.now,
      );
  }
  const all = [...losses, ...outcome.losses];
  for (const { what, id, reason, detail } of all)
    await tx.run(
      `insert into losses (app, source, what, id, reason, detail, noted_at) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (app, source, what, id) do update set reason = excluded.reason, detail = excluded.detail`,
      app,
      source,
      what,
      id,
      reason,
      detail ?? null,
      tx.now,
    );
  const { made, changed, same } = outcome;
  return { made, changed, same, lost: all.length };
}
