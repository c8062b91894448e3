import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { mirrorFriends } from '../guests/friends.ts';
import { ensureUsers, type UnknownUsers } from '../users/ensure.ts';
import { announceFriends } from './announce.ts';
import type { Friendship } from './friend.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'clock'>;

/**
 * Makes `from` and each of `to` friends of each other, at once and without asking. Answers in the order of `to`; where
 * two were friends already, their friendship as it is. All or nothing.
  * Throws `conflict` (what: self), `user-not-found` when it may not create, `full` (what: friends); `strict`: `already`
 * (what: friend) when two of them were friends.

 */
export async function joinFriends(
  core: Ports,
  app: App,
  from: string,
  to: readonly string[],
  unknown: UnknownUsers,
  strict = false,
): Promise<Friendship[]> {
  if (to.includes(from)) throw new ImError('conflict', 'nobody is a friend of himself', { what: 'self' });
  const others = [...new Set(to)];
  await ensureUsers(core, app, [from, ...others], unknown);
  const now = core.clock.now();
  const friendships = await core.store.friends.join(app.no, from, others, now, strict);
  const byFriend = new Map<string, Friendship>();
  friendships.forEach((friendship, i) => {
    const other = others[i] as string;
    byFriend.set(other, friendship);
    if (friendship.since === now) announceFriends(core, app, [from, other], true);
  });
  await mirrorFriends(core, app, from, others, true);
  return to.map((id) => byFriend.get(id) as Friendship);
}
