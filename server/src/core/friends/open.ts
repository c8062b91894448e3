import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { assertUsers } from '../users/open.ts';
import type { Friendship } from './friend.ts';

/** The friendship of two users, with whether `other` is online. Throws `user-not-found`, `relation-not-found`. */
export async function openFriendship(
  core: Pick<Core, 'store' | 'presence'>,
  app: App,
  who: string,
  other: string,
): Promise<{ friendship: Friendship; online: boolean }> {
  await assertUsers(core, app, [who, other]);
  const friendship = await core.store.friends.between(app.no, who, other);
  if (!friendship) throw new ImError('relation-not-found', 'the two are not friends');
  return { friendship, online: (await core.presence.online(app.no, [other])).has(other) };
}
