// A node has died, or has come back although it was taken for dead: what its people's friends and hooks are told.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { tellHook } from '../hooks/ask.ts';
import { isPassenger } from '../ids.ts';
import type { Moved } from '../ports/presence.ts';
import { announcePresence } from './come-and-go.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'presence' | 'hooks' | 'log'>;

/** People told of at once: each asks the store for his friends, and those who talk ask it too. */
const atOnce = 8;

export async function tellMoved(core: Ports, moved: readonly Moved[]): Promise<void> {
  const apps = new Map((await core.store.apps.list()).map((app) => [app.no, app]));
  const left = [...moved];
  async function work(): Promise<void> {
    for (let one = left.shift(); one; one = left.shift()) {
      const app = apps.get(one.app);
      if (app)
        await tellOne(core, app, one).catch((err: unknown) => core.log.warn({ err }, 'a move was not announced'));
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function tellOne(core: Ports, app: App, { who, how, sessions, turned, toAll }: Moved): Promise<void> {
  const type = how === 'gone' ? 'offline' : 'online';
  for (const session of sessions) {
    if (how === 'back') tellHook(core, app, { hook: 'online', who, session, facts: { again: true } });
    else tellHook(core, app, { hook: 'offline', who, session, facts: {}, end: { how: 'lost' } });
  }
  if (turned && !isPassenger(who)) await announcePresence(core, app.no, who, type, toAll);
}
