import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { newestOf, type View } from '../messages/history.ts';
import type { Message } from '../messages/message.ts';
import { openUser } from '../users/open.ts';
import type { Friend } from './friend.ts';

/** Ids of a user's friends, in the order of joining. Throws `user-not-found`. */
export async function friendIds(core: Pick<Core, 'store'>, app: App, who: string): Promise<string[]> {
  await openUser(core, app, who);
  return core.store.friends.ids(app.no, who);
}

/** Friends with whether they are online, and the newest message of each pair inside the view. Throws `user-not-found`. */
export async function listFriends(
  core: Pick<Core, 'store' | 'presence' | 'clock'>,
  app: App,
  who: string,
  view: View,
): Promise<{ friend: Friend; online: boolean; recent: Message | null }[]> {
  await openUser(core, app, who);
  const friends = await core.store.friends.list(app.no, who);
  const [online, recent] = await Promise.all([
    core.presence.online(
      app.no,
      friends.map(({ id }) => id),
    ),
    newestOf(
      core,
      app,
      friends.map(({ direct }) => direct),
      view,
    ),
  ]);
  return friends.map((friend, i) => ({ friend, online: online.has(friend.id), recent: recent[i] ?? null }));
}
