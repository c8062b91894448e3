// An app may be changed by another process. Sessions of an app that is gone, or whose keys were taken away, must not
// live on because they logged in earlier.
import type { Core } from '../core.ts';
import { appTopic } from '../ports/bus.ts';
import type { App } from './app.ts';

const lookEveryMs = 3_000;

const listed = async ({ store }: Pick<Core, 'store'>): Promise<ReadonlyMap<string, App>> =>
  new Map((await store.apps.list()).map((app) => [app.id, app]));

/** Looks at all apps now and every few seconds; one small read however many sessions there are. */
export async function watchApps(core: Pick<Core, 'store' | 'bus' | 'log' | 'apps'>): Promise<{ stop(): void }> {
  // Before anybody can come in: what changes between his login and the first look would not be seen.
  let known = await listed(core);
  let looking = false;

  const look = async (): Promise<void> => {
    const now = await listed(core);
    for (const before of known.values()) {
      const after = now.get(before.id);
      const why =
        after === undefined || after.no !== before.no
          ? 'app-removed'
          : lostKey(before, after)
            ? 'key-revoked'
            : undefined;
      if (why === undefined) continue;
      core.apps.forget(before.id);
      core.bus.publish({ type: 'session-ended', app: before.no, why }, [appTopic(before.no)]);
    }
    known = now;
  };

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error) => core.log.warn({ error }, 'apps could not be looked at'))
      .finally(() => {
        looking = false;
      });
  }, lookEveryMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** A session does not remember which key it came in by: when any key went away, all of them show theirs again. */
function lostKey(before: App, after: App): boolean {
  const keys = new Set([after.clientKey, after.masterKey, ...after.extraKeys]);
  return [before.clientKey, before.masterKey, ...before.extraKeys].some((key) => !keys.has(key));
}
