import { eraseUploads } from '../attachments/expire.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { limits } from '../limits.ts';
import { appTopic } from '../ports/bus.ts';

/**
 * Removes the app with everything in it, slice by slice: its files, then its keys and rows. Sessions on this node end;
 * those on others end within seconds. Throws `app-not-found`. After an interruption it can be called again.
 */
export async function removeApp(core: Pick<Core, 'store' | 'apps' | 'blobs' | 'bus'>, id: string): Promise<void> {
  const app = await core.store.apps.byId(id);
  if (!app) throw new ImError('app-not-found', `there is no app ${id}`, { what: 'id' });
  await eraseUploads(core, app.no);
  let done = false;
  while (!done) {
    ({ done } = await core.store.apps.remove(id, limits.eraseSliceRows));
    core.apps.forget(id);
  }
  core.bus.publish({ type: 'session-ended', app: app.no, why: 'app-removed' }, [appTopic(app.no)]);
}
