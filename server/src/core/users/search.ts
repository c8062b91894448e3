import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Search } from '../search.ts';
import type { User } from './user.ts';

/** Users that meet every filter, each with whether he is online. Throws `too-large` (what: search). */
export async function searchUsers(
  core: Pick<Core, 'store' | 'presence'>,
  app: App,
  search: Search,
): Promise<{ user: User; online: boolean }[]> {
  const users = await core.store.users.find(app.no, search);
  const online = await core.presence.online(
    app.no,
    users.map(({ id }) => id),
  );
  return users.map((user) => ({ user, online: online.has(user.id) }));
}
