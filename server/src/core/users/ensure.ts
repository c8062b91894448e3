import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { missingUsers } from './open.ts';
import type { UnknownUsers } from './unknown.ts';

export type { UnknownUsers } from './unknown.ts';

/** Makes sure that all of `ids` exist. Throws `user-not-found` when it may not create; `invalid-argument`, `too-long`. */
export async function ensureUsers(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  ids: readonly string[],
  unknown: UnknownUsers,
): Promise<void> {
  const missing = await missingUsers(core, app, ids, unknown);
  if (missing.length === 0) return;
  if (unknown === 'refuse' || unknown === 'refuse-any') throw new ImError('user-not-found', 'user not found');
  await core.store.users.ensure(app.no, missing, core.clock.now());
}
