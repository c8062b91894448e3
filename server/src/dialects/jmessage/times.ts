// Times as this door writes them: `yyyy-MM-dd HH:mm:ss`, no zone said; which one is meant is a setting of the app.

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a thousand times what using it does. As many are kept as there are zones in use. */
function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

const dayMs = 86_400_000;
const daysMax = 10_000;
/** Days of UTC through which a zone kept its offset, by zone and day: its milliseconds. Asking a formatter costs several times what adding does. */
const steady = new Map<string, number>();

/** `ms`: Unix milliseconds, 1970 or later. */
export function toTime(ms: number, zone: string): string {
  const day = Math.floor(ms / dayMs);
  const key = `${day} ${zone}`;
  let offset = steady.get(key);
  if (offset === undefined) {
    offset = offsetAt(day * dayMs, zone);
    if (offsetAt((day + 1) * dayMs, zone) !== offset) return asked(ms, zone);
    if (steady.size >= daysMax) steady.clear();
    steady.set(key, offset);
  }
  return new Date(ms + offset).toISOString().slice(0, 19).replace('T', ' ');
}

const offsetAt = (ms: number, zone: string): number => (fromUtc(asked(ms, zone)) ?? ms) - ms;

function asked(ms: number, zone: string): string {
  const part: Record<string, string> = {};
  for (const { type, value } of clockOf(zone).formatToParts(ms)) part[type] = value;
  return `${part.year?.padStart(4, '0')}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
}

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}):(\d{2}))?$/;

/** Unix milliseconds of the beginning of that second, or of that day; undefined when it is none of the calendar's. */
export function fromTime(text: string, zone: string): number | undefined {
  const asUtc = fromUtc(text);
  if (asUtc === undefined) return undefined;
  // The offset is asked twice: the first answer may be that of the other side of a clock change.
  const near = asUtc - offsetAt(asUtc, zone);
  return asUtc - offsetAt(near, zone);
}

function fromUtc(text: string): number | undefined {
  const [, ...digits] = pattern.exec(text) ?? [];
  if (digits.length === 0) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
}

/** A day of the calendar as it is kept: `yyyy-MM-dd`; a time after it is left off. undefined when there is no such day. */
export const toDay = (text: string): string | undefined =>
  fromUtc(text) === undefined ? undefined : text.slice(0, 10);
