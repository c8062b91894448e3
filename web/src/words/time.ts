// Moments as people of each language write them. Formatters are costly to make and are kept.
import { t } from './t.ts';

const made = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions, ts: number): string {
  const tag = t().tag;
  const name = tag + JSON.stringify(options);
  let formatter = made.get(name);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(tag, options);
    made.set(name, formatter);
  }
  return formatter.format(ts);
}

const dayMs = 86_400_000;

const midnight = (ts: number): number => new Date(ts).setHours(0, 0, 0, 0);

/** Whole days from then until today, by the calendar of this machine. */
export const daysAgo = (ts: number, now = Date.now()): number => Math.round((midnight(now) - midnight(ts)) / dayMs);

export const clock = (ts: number): string => format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, ts);

export const fullTime = (ts: number): string => format({ dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' }, ts);

/** For the list: as short as says it. */
export function shortTime(ts: number): string {
  const days = daysAgo(ts);
  if (days <= 0) return clock(ts);
  if (days === 1) return t().yesterday;
  if (days < 7) return format({ weekday: 'short' }, ts);
  const isThisYear = new Date(ts).getFullYear() === new Date().getFullYear();
  return format(
    isThisYear ? { month: 'numeric', day: 'numeric' } : { year: 'numeric', month: 'numeric', day: 'numeric' },
    ts,
  );
}

/** For the divider between two days. */
export function dayName(ts: number): string {
  const days = daysAgo(ts);
  if (days <= 0) return t().today;
  if (days === 1) return t().yesterday;
  return format({ weekday: 'long', month: 'long', day: 'numeric', year: days > 300 ? 'numeric' : undefined }, ts);
}
