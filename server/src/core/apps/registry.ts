// Apps by id, remembered for a few seconds: every request and every message asks for its app.
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { App } from './app.ts';

/** How long an app is believed. A key that another process changed stops working after this at the latest. */
const ageMsMax = 3_000;
/** Ids that do not exist are remembered too, so that a flood of wrong ids does not reach the store; bounded. */
const rememberedMax = 10_000;

export type AppRegistry = {
  /** undefined when there is no such app. */
  byId(id: string): Promise<App | undefined>;
  /** To be called after every change of an app on this node. */
  forget(id: string): void;
};

export function openAppRegistry(store: Pick<Store, 'apps'>, clock: Clock): AppRegistry {
  const remembered = new Map<string, { app: Promise<App | undefined>; until: number }>();
  return {
    byId(id) {
      const known = remembered.get(id);
      if (known && known.until > clock.now()) return known.app;
      if (remembered.size >= rememberedMax) remembered.clear();
      const app = store.apps.byId(id);
      const entry = { app, until: clock.now() + ageMsMax };
      remembered.set(id, entry);
      app.catch(() => {
        if (remembered.get(id) === entry) remembered.delete(id);
      });
      return app;
    },
    forget(id) {
      remembered.delete(id);
    },
  };
}
