// How long uploads live.
import { setImmediate as breath } from 'node:timers/promises';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { limits } from '../limits.ts';
import { dayMs, type Pause } from '../messages/expire.ts';

type ExpirePorts = Pick<Core, 'store' | 'blobs' | 'clock'>;

/**
 * Days between an upload and the last message that is expected to show it for the first time. A client uploads and
 * then says, so the message is younger than its file, and the file has to outlive it.
 */
const sayLaterDays = 1;

/** Age at which an app's uploads go, milliseconds; undefined = never. */
export function uploadAgeMsMax({ settings }: Pick<App, 'settings'>): number | undefined {
  if (settings.attachmentDays > 0) return settings.attachmentDays * dayMs;
  if (settings.keepDays > 0) return (settings.keepDays + sayLaterDays) * dayMs;
  return undefined;
}

/** Removes the app's uploads that have reached their age, slice by slice. Answers how many files. */
export async function expireUploads(core: ExpirePorts, app: App, pause: Pause = breath): Promise<number> {
  const ageMs = uploadAgeMsMax(app);
  return ageMs === undefined ? 0 : removeOlderThan(core, app.no, core.clock.now() - ageMs, pause);
}

/** Removes all uploads of an app that is being removed: to be called before its rows go. Answers how many files. */
export async function eraseUploads(
  core: Pick<Core, 'store' | 'blobs'>,
  app: number,
  pause: Pause = breath,
): Promise<number> {
  return removeOlderThan(core, app, Number.MAX_SAFE_INTEGER, pause);
}

async function removeOlderThan(
  core: Pick<Core, 'store' | 'blobs'>,
  app: number,
  before: number,
  pause: Pause,
): Promise<number> {
  for (let total = 0; ; await pause()) {
    const media = await core.store.media.olderThan(app, before, limits.expireSliceFiles);
    if (media.length === 0) return total;
    const paths = media.map(({ path }) => path);
    // Files first: should the process end between the two, the rows still lead to what is left.
    await core.blobs.remove(paths);
    await core.store.media.remove(paths);
    total += paths.length;
  }
}
