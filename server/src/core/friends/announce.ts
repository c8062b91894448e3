import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { userTopic } from '../ports/bus.ts';

/** After two became friends, or stopped being friends: what was remembered of the pair is forgotten, here and elsewhere. */
export function announceFriends(
  core: Pick<Core, 'bus' | 'facts'>,
  app: App,
  [a, b]: readonly [string, string],
  friends: boolean,
): void {
  core.facts.forgetPair(app.no, a, b);
  core.bus.publish({ type: 'friends-changed', app: app.no, pair: [a, b], friends }, [
    userTopic(app.no, a),
    userTopic(app.no, b),
  ]);
}
