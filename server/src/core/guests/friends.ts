// Friends of different apps are friends on both sides.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { announceFriends } from '../friends/announce.ts';
import { guestId } from './id.ts';
import { areNeighbours, homeOf, type Person } from './name.ts';
import { welcomeGuests } from './welcome.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'clock'>;

/** After `who` became a friend of these, or stopped being one: the guests among them know it at home. */
export async function mirrorFriends(
  core: Ports,
  app: App,
  who: string,
  others: readonly string[],
  friends: boolean,
): Promise<void> {
  for (const other of others) {
    const guest = await homeOf(core, app, other);
    if (!guest || !areNeighbours(app, guest.app)) continue;
    if (friends) await join(core, app, who, guest);
    else await part(core, app, who, guest);
  }
}

async function join(core: Ports, app: App, who: string, { name, app: home }: Person): Promise<void> {
  const [id = ''] = await welcomeGuests(core, home, app, [who]);
  const now = core.clock.now();
  const [friendship] = await core.store.friends.join(home.no, name, [id], now, false);
  if (friendship?.since === now) announceFriends(core, home, [name, id], true);
}

async function part(core: Ports, app: App, who: string, { name, app: home }: Person): Promise<void> {
  const parted = await core.store.friends.part(home.no, name, [guestId(who, app)], false);
  for (const other of parted) announceFriends(core, home, [name, other], false);
}
