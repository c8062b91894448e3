import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { mirrorFriends } from '../guests/friends.ts';
import { announceFriends } from './announce.ts';

/**
 * Ends friendships; what people said stays. All or nothing; answers those who were friends. `strict`: throws `absent`
 * (what: friend) unless all were.
 */
export async function partFriends(
  core: Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'clock'>,
  app: App,
  who: string,
  others: readonly string[],
  strict = false,
): Promise<string[]> {
  const parted = await core.store.friends.part(app.no, who, others, strict);
  for (const other of parted) announceFriends(core, app, [who, other], false);
  await mirrorFriends(core, app, who, parted, false);
  return parted;
}
