import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { missingUsers } from '../users/open.ts';
import { announceFriends } from './announce.ts';

/** Ends a friendship, if there is one; what the two said stays. Throws only for ids that nobody could have. */
export async function partFriends(
  core: Pick<Core, 'store' | 'bus' | 'facts'>,
  app: App,
  a: string,
  b: string,
): Promise<void> {
  await missingUsers(core, app, [a, b]);
  if (await core.store.friends.part(app.no, a, b)) announceFriends(core, app, [a, b], false);
}
