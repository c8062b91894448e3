// Requests that name an app. The own one is no other: then everything is as without its name. People of another app are
// known in this one under a name that holds their app's too.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';
import { bareId, type PrincipalKey } from '../../core/ids.ts';
import type { User } from '../../core/users/user.ts';
import { openAll } from './names.ts';

/** Throws `app-not-found`, and `forbidden` (what: app) where the settings do not allow it. */
export async function openApp(core: Pick<Core, 'apps'>, app: App, appkey: string | undefined): Promise<App> {
  if (appkey === undefined || appkey === app.id) return app;
  const other = await core.apps.byId(appkey);
  if (!other) throw new ImError('app-not-found', 'there is no such app', { what: 'appkey' });
  if (!app.settings['jmessage.crossApps'].includes(other.id)) throw notAllowed();
  return other;
}

const notAllowed = () => new ImError('forbidden', 'this app may not be addressed', { what: 'app' });

/** For what concerns people of the own app only. Throws as above. */
export async function assertOwnApp(core: Pick<Core, 'apps'>, app: App, appkey: string | undefined): Promise<void> {
  if ((await openApp(core, app, appkey)) !== app) throw notAllowed();
}

/** How `home` knows somebody of `from`. */
export const nameIn = (home: App, from: App, name: string): string => (home === from ? name : `${name}@${from.id}`);

/**
 * How `home` knows these people of `from`, who exist; from now on they are known there. Throws `user-not-found`,
 * `invalid-argument`.
 */
export async function introduce(
  core: Pick<Core, 'store' | 'clock'>,
  home: App,
  from: App,
  names: readonly string[],
): Promise<string[]> {
  await openAll(core, from, names);
  const known = names.map((name) => nameIn(home, from, name));
  if (home !== from && known.length > 0) await core.store.users.ensure(home.no, known, core.clock.now());
  return known;
}

const foreign = /^(.+)@([A-Za-z0-9]{24})$/;

export type Origin = { readonly name: string; readonly app: App };

/** Who is meant by a name, and whose he is. */
export async function originOf(core: Pick<Core, 'apps'>, home: App, who: PrincipalKey): Promise<Origin> {
  const [, name, appkey] = foreign.exec(who) ?? [];
  const app = name === undefined || appkey === home.id ? undefined : await core.apps.byId(appkey ?? '');
  return app && name !== undefined ? { name, app } : { name: bareId(who), app: home };
}

/** Users with their apps, in the order of the names; who is gone is left out. */
export async function usersOfAll(
  core: Pick<Core, 'store' | 'apps'>,
  home: App,
  names: readonly PrincipalKey[],
): Promise<{ who: PrincipalKey; app: App; user: User }[]> {
  const found = [];
  for (const who of names) {
    const { name, app } = await originOf(core, home, who);
    const user = await core.store.users.byId(app.no, name);
    if (user) found.push({ who, app, user });
  }
  return found;
}
