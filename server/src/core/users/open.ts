import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { assertPlainId } from '../ids.ts';
import type { UnknownUsers } from './unknown.ts';
import type { User } from './user.ts';

type Ports = Pick<Core, 'store'>;

/**
 * Throws `user-not-found`. An id that this door could not have created is wrong only when nobody bears it: other doors
 * allow other letters.
 */
export async function openUser(core: Ports, app: App, id: string): Promise<User> {
  const user = await core.store.users.byId(app.no, id);
  if (user) return user;
  assertPlainId(id, 'user id');
  throw new ImError('user-not-found', 'user not found');
}

/** All of `ids` exist, else `user-not-found`; ids that nobody could have throw what is wrong with them. */
export async function assertUsers(
  core: Ports,
  app: App,
  ids: readonly string[],
  unknown?: UnknownUsers,
): Promise<void> {
  const missing = await missingUsers(core, app, ids, unknown);
  if (missing.length > 0) throw new ImError('user-not-found', 'user not found');
}

/** Those of `ids` that do not exist but could: ids that nobody could have throw `invalid-argument` or `too-long`. */
export async function missingUsers(
  core: Ports,
  app: App,
  ids: readonly string[],
  unknown: UnknownUsers = 'refuse',
): Promise<string[]> {
  if (ids.length === 0) return [];
  const existing = new Set(await core.store.users.existing(app.no, ids));
  const missing = ids.filter((id) => !existing.has(id));
  if (unknown === 'create' || unknown === 'refuse') for (const id of missing) assertPlainId(id, 'user id');
  return missing;
}
