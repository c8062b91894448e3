// Devices of another messenger, bound to who used them there.
import type { RestoredInstall } from '../../core/imports/import.ts';
import type { Tx } from './db.ts';
import { installWrites } from './installs.ts';
import { ensurePeople, nothing, type Outcome } from './restore-slice.ts';

type Old = { user_id: string; token: string | null; bound_at: number };

/** A device that has registered here since is left as it is. */
export async function restoreInstalls(tx: Tx, app: number, rows: readonly RestoredInstall[]): Promise<Outcome> {
  const outcome = nothing();
  await ensurePeople(
    tx,
    app,
    rows.map(({ who }) => who),
  );
  for (const { id, who, platform, token, language, at } of rows) {
    const old = await tx.one<Old>('select user_id, token, bound_at from installs where app = ? and id = ?', app, id);
    if (old && (old.bound_at >= at || (old.user_id === who && old.token === token))) {
      outcome.same += 1;
      continue;
    }
    await installWrites.register(tx, app, who, { install: id, platform, token, language, appVersion: null }, at);
    if (old) outcome.changed += 1;
    else outcome.made += 1;
  }
  return outcome;
}
