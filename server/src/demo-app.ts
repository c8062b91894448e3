// The app that the demo page uses, and nothing else does: whoever opens the page learns its client key.
import { addApp } from './core/apps/add.ts';
import type { Core } from './core/core.ts';
import { keepDemoKeys } from './keys.ts';

/** Makes sure of the app. Answers how to learn its id and client key as they are now. */
export async function ensureDemoApp(
  core: Pick<Core, 'store' | 'apps'>,
  dataDir: string,
): Promise<() => Promise<{ appId: string; key: string } | undefined>> {
  const keys = await keepDemoKeys(dataDir);
  if (!(await core.store.apps.byId(keys.id))) await addApp(core, { ...keys, name: 'demo' });
  return async () => {
    const app = await core.apps.byId(keys.id);
    return app && { appId: app.id, key: app.clientKey };
  };
}
