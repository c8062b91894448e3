// Presence of a single node: a map of maps.
import type { PrincipalKey } from '../core/ids.ts';
import type { Presence } from '../core/ports/presence.ts';

type Period = { readonly sessions: Set<string>; toAll: boolean };

export function openLocalPresence(): Presence {
  const periods = new Map<string, Period>();
  const keyOf = (app: number, who: PrincipalKey): string => `${app}/${who}`;
  return {
    async enter(app, who, session, toAll) {
      const key = keyOf(app, who);
      const period = periods.get(key);
      if (!period) {
        periods.set(key, { sessions: new Set([session]), toAll });
        return { first: true };
      }
      period.sessions.add(session);
      period.toAll ||= toAll;
      return { first: false };
    },
    async leave(app, who, session) {
      const key = keyOf(app, who);
      const period = periods.get(key);
      if (!period?.sessions.delete(session) || period.sessions.size > 0) return { last: false, toAll: false };
      periods.delete(key);
      return { last: true, toAll: period.toAll };
    },
    async count(app, who) {
      return periods.get(keyOf(app, who))?.sessions.size ?? 0;
    },
    async online(app, who) {
      return new Set(who.filter((one) => periods.has(keyOf(app, one))));
    },
    async close() {},
  };
}
