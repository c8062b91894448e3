import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { SessionEndedEvent } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';
import { userTopic } from '../ports/bus.ts';

/** Ends every session of a principal, or the one that is named, on whatever node and through whatever door it lives. */
export function endSessions(
  { bus }: Pick<Core, 'bus'>,
  app: App,
  who: PrincipalKey,
  why: SessionEndedEvent['why'],
  { session, reason, tagged }: Pick<SessionEndedEvent, 'session' | 'reason' | 'tagged'> = {},
): void {
  bus.publish({ type: 'session-ended', app: app.no, why, session, reason, tagged }, [userTopic(app.no, who)]);
}
