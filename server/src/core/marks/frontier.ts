// How far a conversation's messages are known to have been received by somebody. In a large group everybody says so of
// every message; once two of them have, nothing is left to be found out: whoever said a message, one of the two is another.

import type { PrincipalKey } from '../ids.ts';
import { limits } from '../limits.ts';
import { Recent } from '../lru.ts';
import type { Clock } from '../ports/clock.ts';

type Front = { readonly who: PrincipalKey; readonly ts: number };

export type Frontier = {
  /** True: what `who` has received up to `ts` tells nobody anything new. */
  known(app: number, conversation: number, who: PrincipalKey, ts: number): boolean;
  moved(app: number, conversation: number, who: PrincipalKey, ts: number): void;
};

export function openFrontier(clock: Clock): Frontier {
  const fronts = new Recent<readonly Front[]>(clock, limits.factsCached, 60 * 60_000);
  const of = (app: number, conversation: number) => fronts.get(`${app}/${conversation}`) ?? [];
  return {
    known(app, conversation, who, ts) {
      const [, second] = of(app, conversation);
      return second !== undefined && second.who !== who && second.ts >= ts;
    },
    moved(app, conversation, who, ts) {
      const others = of(app, conversation).filter((front) => front.who !== who);
      const furthest = [...others, { who, ts }].sort((a, b) => b.ts - a.ts).slice(0, 2);
      fronts.set(`${app}/${conversation}`, furthest);
    },
  };
}
