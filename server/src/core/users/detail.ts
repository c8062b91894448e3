import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { openUser } from './open.ts';
import type { User } from './user.ts';

/** A user with everything that hangs on him. */
export type UserDetail = {
  readonly user: User;
  /** Live sessions, over all nodes. */
  readonly sessions: number;
  readonly installs: readonly string[];
  readonly friends: readonly string[];
  readonly groups: readonly string[];
  readonly rooms: readonly string[];
};

/** Throws `user-not-found`. */
export async function userDetail(core: Pick<Core, 'store' | 'presence'>, app: App, id: string): Promise<UserDetail> {
  const user = await openUser(core, app, id);
  const { users, friends, conversations } = core.store;
  const [sessions, installs, friendIds, groups, rooms] = await Promise.all([
    core.presence.count(app.no, id),
    users.installs(app.no, id),
    friends.ids(app.no, id),
    conversations.idsOf(app.no, id, 'group'),
    conversations.idsOf(app.no, id, 'room'),
  ]);
  return { user, sessions, installs, friends: friendIds, groups, rooms };
}
