// Presence of a single node: a map of maps.
import type { PrincipalKey } from '../core/ids.ts';
import type { Presence } from '../core/ports/presence.ts';

type Period = { sessions: number; toAll: boolean };

export function openLocalPresence(): Presence {
  const periods = new Map<string, Period>();
  const online = new Map<number, number>();
  const keyOf = (app: number, who: PrincipalKey): string => `${app}/${who}`;
  const count = (app: number, by: 1 | -1): void => {
    online.set(app, (online.get(app) ?? 0) + by);
  };
  const live = new Set<string>();
  const rooms = openAttendance((app, session) => live.has(`${app}/${session}`));
  return {
    ...rooms,
    async enter(app, who, session, toAll) {
      const known = live.has(`${app}/${session}`);
      live.add(`${app}/${session}`);
      const key = keyOf(app, who);
      const period = periods.get(key);
      if (!period) {
        periods.set(key, { sessions: 1, toAll });
        count(app, 1);
        return { first: true };
      }
      if (!known) period.sessions += 1;
      period.toAll ||= toAll;
      return { first: false };
    },
    async leave(app, who, session) {
      const known = live.delete(`${app}/${session}`);
      for (const room of await rooms.attending(app, session)) await rooms.unattend(app, room, session);
      const key = keyOf(app, who);
      const period = periods.get(key);
      if (!known || !period) return { last: false, toAll: false };
      period.sessions -= 1;
      if (period.sessions > 0) return { last: false, toAll: false };
      periods.delete(key);
      count(app, -1);
      return { last: true, toAll: period.toAll };
    },
    async count(app, who) {
      return periods.get(keyOf(app, who))?.sessions ?? 0;
    },
    async online(app, who) {
      return new Set(who.filter((one) => periods.has(keyOf(app, one))));
    },
    async countOnline(app) {
      return online.get(app) ?? 0;
    },
    // There is no other node to take over from, nor to go to.
    onMoved() {},
    retire() {},
    async close() {},
  };
}

type Attendance = Pick<Presence, 'attend' | 'unattend' | 'attendees' | 'attending'>;

/** Which sessions take part in which rooms. A principal attends for as long as one of his sessions does. */
function openAttendance(isLive: (app: number, session: string) => boolean): Attendance {
  const rooms = new Map<string, Map<string, PrincipalKey>>();
  const sessions = new Map<string, Set<number>>();
  return {
    async attend(app, room, session, who) {
      if (!isLive(app, session)) return false;
      const here = rooms.get(`${app}/${room}`) ?? new Map<string, PrincipalKey>();
      if (here.has(session)) return false;
      rooms.set(`${app}/${room}`, here.set(session, who));
      const key = `${app}/${session}`;
      sessions.set(key, (sessions.get(key) ?? new Set<number>()).add(room));
      return true;
    },
    async unattend(app, room, session) {
      const here = rooms.get(`${app}/${room}`);
      if (!here?.delete(session)) return false;
      if (here.size === 0) rooms.delete(`${app}/${room}`);
      const his = sessions.get(`${app}/${session}`);
      his?.delete(room);
      if (his?.size === 0) sessions.delete(`${app}/${session}`);
      return true;
    },
    async attendees(app, room, limit) {
      const who = new Set(rooms.get(`${app}/${room}`)?.values());
      return { total: who.size, who: [...who].slice(0, limit) };
    },
    async attending(app, session) {
      return [...(sessions.get(`${app}/${session}`) ?? [])];
    },
  };
}
