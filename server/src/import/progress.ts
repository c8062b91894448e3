// How an import stands: a bar that is drawn anew on a terminal, lines of JSON for everybody else.
import type { Progress } from '../core/imports/source.ts';

export type Watch = Progress & {
  /** What was taken in all, by stage. */
  readonly counts: () => Readonly<Record<string, Counts>>;
  /** The last word of the bar. */
  finish(): void;
};

export type Counts = { made: number; changed: number; same: number; lost: number; seconds: number };

export type WatchOptions = {
  readonly isTerminal: boolean;
  /** A line. */
  readonly out: (line: string) => void;
  /** Text without its end, over the last one. */
  readonly draw: (text: string) => void;
  readonly now?: () => number;
};

const drawEveryMs = 200;
const lineEveryMs = 2_000;
const barCells = 24;

export function openProgress({ isTerminal, out, draw, now = () => performance.now() }: WatchOptions): Watch {
  const all: Record<string, Counts> = {};
  let name = '';
  let total: number | undefined;
  let share: number | undefined;
  let begun = now();
  let shareAtStart = 0;
  let shown = Number.NEGATIVE_INFINITY;

  const current = (): Counts => {
    const counts = all[name] ?? { made: 0, changed: 0, same: 0, lost: 0, seconds: 0 };
    all[name] = counts;
    return counts;
  };
  const rows = () => {
    const { made, changed, same, lost } = current();
    return made + changed + same + lost;
  };
  const facts = () => {
    const seconds = (now() - begun) / 1000;
    const done = rows();
    const part = share ?? (total ? Math.min(1, done / total) : undefined);
    const here = part === undefined ? 0 : part - shareAtStart;
    const left = part !== undefined && here > 0.005 ? Math.round((seconds * (1 - part)) / here) : undefined;
    return {
      stage: name,
      ...current(),
      seconds: round(seconds),
      perSecond: round(done / Math.max(0.001, seconds)),
      part,
      left,
    };
  };

  function show(force: boolean): void {
    if (name === '' || (!force && now() - shown < (isTerminal ? drawEveryMs : lineEveryMs))) return;
    shown = now();
    const { part, left, ...counts } = facts();
    if (!isTerminal)
      out(
        JSON.stringify({
          ...counts,
          ...(part === undefined ? {} : { part: Math.round(part * 1000) / 1000 }),
          ...(left === undefined ? {} : { secondsLeft: left }),
        }),
      );
    else draw(barOf(facts()));
  }

  function leave(): void {
    if (name === '') return;
    current().seconds += (now() - begun) / 1000;
    show(true);
    if (isTerminal) out('');
  }

  return {
    stage(next, of) {
      leave();
      name = next;
      total = of;
      share = undefined;
      shareAtStart = 0;
      begun = now();
      current();
      show(true);
    },
    took({ made, changed, same, lost }) {
      const counts = current();
      counts.made += made;
      counts.changed += changed;
      counts.same += same;
      counts.lost += lost;
      show(false);
    },
    reached(part) {
      if (share === undefined) shareAtStart = part;
      share = part;
      show(false);
    },
    say(line) {
      if (!isTerminal) return out(JSON.stringify({ note: line }));
      draw(line);
      out('');
      show(true);
    },
    counts: () => all,
    finish() {
      leave();
      name = '';
    },
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function barOf(
  facts: Counts & { stage: string; perSecond: number; part: number | undefined; left: number | undefined },
) {
  const { stage, made, changed, same, lost, perSecond, part, left } = facts;
  const full = Math.round((part ?? 0) * barCells);
  const bar =
    part === undefined
      ? ''
      : `${'█'.repeat(full)}${'░'.repeat(barCells - full)} ${String(Math.floor(part * 100)).padStart(3)} %  `;
  const eta = left === undefined ? '' : `  ${clock(left)} left`;
  const more = `${changed > 0 ? `, ${changed} changed` : ''}${lost > 0 ? `, ${lost} not taken` : ''}`;
  const taken = made + changed + lost === 0 && same > 0 ? `${same} read` : `${made} new${more}`;
  return `${stage.padEnd(24)} ${bar}${taken}  ${Math.round(perSecond)}/s${eta}`;
}

const clock = (seconds: number): string =>
  seconds < 90 ? `${seconds} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${round(seconds / 3600)} h`;
