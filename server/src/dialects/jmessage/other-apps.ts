// Requests that name an app. The own one is no other: then everything is as without its name.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { ImError } from '../../core/errors.ts';

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
