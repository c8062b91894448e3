// An application sends somebody away: his sessions end, and what he got for them lets him in no more.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { endSessions } from './end-sessions.ts';

/** `reason`: what he is told. */
export async function sendAway(
  core: Pick<Core, 'store' | 'bus' | 'clock'>,
  app: App,
  who: string,
  reason?: string,
): Promise<void> {
  await core.store.users.sendAway(app.no, who, core.clock.now());
  endSessions(core, app, who, 'kicked', { reason });
}
