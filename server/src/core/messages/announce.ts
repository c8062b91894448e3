import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { MessageChangedEvent, Origin } from '../events.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Changed } from './message.ts';
import type { Route } from './route.ts';

/** After a message was changed: told to those who hear messages on this route. A change that changed nothing is not told. */
export function announceChange(
  { bus }: Pick<Core, 'bus'>,
  app: App,
  type: MessageChangedEvent['type'],
  { place, topics }: Pick<Route, 'place' | 'topics'>,
  { message, prev, fresh }: Changed,
  origin: Origin | undefined,
  only?: readonly PrincipalKey[],
): void {
  if (!fresh) return;
  bus.publish({ type, app: app.no, message, place, prev, origin, only }, topics);
}
