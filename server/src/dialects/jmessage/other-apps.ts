// Requests that name an app. The own one is no other: then everything is as without its name. People of another app are
// guests in this one (core/guests).
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { areNeighbours, homeOf, mayAddress, type Person } from '../../core/guests/name.ts';
import { welcomeGuests } from '../../core/guests/welcome.ts';
import { bareId, type PrincipalKey } from '../../core/ids.ts';
import type { User } from '../../core/users/user.ts';
import { openAll } from './names.ts';

/** Throws `app-not-found`, and `forbidden` (what: app) where the settings do not allow it. */
export async function openApp(core: Pick<Core, 'apps'>, app: App, appkey: string | undefined): Promise<App> {
  if (appkey === undefined || appkey === app.id) return app;
  const other = await core.apps.byId(appkey);
  if (!other) throw new ImError('app-not-found', 'there is no such app', { what: 'appkey' });
  if (!mayAddress(app, other)) throw notAllowed();
  return other;
}

const notAllowed = () => new ImError('forbidden', 'this app may not be addressed', { what: 'app' });

/** For what concerns people of the own app only. Throws as above. */
export async function assertOwnApp(core: Pick<Core, 'apps'>, app: App, appkey: string | undefined): Promise<void> {
  if ((await openApp(core, app, appkey)) !== app) throw notAllowed();
}

/**
 * How `here` knows these people of `from`, who exist; from now on they are known there. Throws `user-not-found`,
 * `invalid-argument`, `conflict`.
 */
export async function introduce(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  here: App,
  from: App,
  names: readonly string[],
): Promise<string[]> {
  await openAll(core, from, names);
  return welcomeGuests(core, here, from, names);
}

/** Who is meant by a name, and whose he is. */
export async function originOf(core: Pick<Core, 'facts' | 'apps'>, here: App, who: PrincipalKey): Promise<Person> {
  return (await homeOf(core, here, who)) ?? { name: bareId(who), app: here };
}

/**
 * Users with their apps, in the order of the names. Who is gone is left out, and so is who belongs to an app that may be
 * addressed no more.
 */
export async function usersOfAll(
  core: Pick<Core, 'store' | 'facts' | 'apps'>,
  here: App,
  names: readonly PrincipalKey[],
): Promise<{ who: PrincipalKey; app: App; user: User }[]> {
  const own = await core.store.users.byIds(here.no, names);
  const found = [];
  for (const [i, who] of names.entries()) {
    const user = own[i];
    if (user?.home === null) found.push({ who, app: here, user });
    if (!user || user.home === null) continue;
    const { name, app } = await originOf(core, here, who);
    const guest = app !== here && areNeighbours(here, app) ? await core.store.users.byId(app.no, name) : undefined;
    if (guest) found.push({ who, app, user: guest });
  }
  return found;
}
