// The whole app's history, backwards: cut into stretches of time that are read side by side, each by the cursor of time
// and message id, so that nothing is left out where several share a millisecond.
import type { ImportState } from '../../../core/imports/import.ts';
import { type ImportJob, inParallel, type Pull } from '../../../core/imports/source.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Take } from './take.ts';

const pageRows = 1_000;
const hourMs = 3_600_000;
/** Stretches of a long time: more than lanes, because people do not talk evenly. */
const stretchesMax = 64;
/** What was stored a moment before the last look may have shown itself only afterwards. */
export const overlapMs = 120_000;

/** Everything with from ≤ ts < to; 0: from the beginning, without an end. `cursor`: what is newer was taken. */
export type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly cursor?: Cursor;
  /** Time of the newest message that was found. */
  readonly newest: number;
  readonly done: boolean;
  /** Of a walk from the beginning once more. */
  readonly rescan: boolean;
};
export type Cursor = { readonly ts: number; readonly mid: string };

const prefix = 'messages/';
const nameOf = ({ from }: Pick<Stretch, 'from'>): string => `${prefix}${String(from).padStart(16, '0')}`;

/** `rescan`: from the beginning once more. What an earlier run left open is finished first. */
export async function walkMessages(job: ImportJob, pull: Pull, take: Take, rescan: boolean): Promise<void> {
  const left = await openStretches(job);
  if (left.length > 0) await walkStretches(job, pull, take, left);
  // One that was killed amid a second walk from the beginning has finished it just now.
  const rescanned = left.some((stretch) => stretch.rescan);
  const through = rescan && !rescanned ? 0 : await throughOf(job);
  const now = job.core.clock.now();
  const first = through > 0 ? through - overlapMs : await oldest(pull);
  if (first === undefined) return;
  const plan = planOf(first, now, job.parallel, through > 0).map((one) => ({ ...one, rescan: rescan && !rescanned }));
  await note(
    job,
    plan.map((stretch) => ({ what: nameOf(stretch), state: stretch as JsonObject })),
  );
  await walkStretches(job, pull, take, plan);
}

const note = (job: ImportJob, states: readonly ImportState[]) =>
  job.core.store.imports.note(job.app.no, { source: job.source, states, losses: [] });

/** Up to where everything was taken; 0: not yet. */
export async function throughOf(job: Pick<ImportJob, 'core' | 'app' | 'source'>): Promise<number> {
  const state = await job.core.store.imports.state(job.app.no, job.source, 'messages');
  return typeof state?.through === 'number' ? state.through : 0;
}

async function openStretches(job: ImportJob): Promise<Stretch[]> {
  const states = await job.core.store.imports.states(job.app.no, job.source, prefix);
  return states.map(({ state }) => state as unknown as Stretch);
}

/** What `first` and our clock say is believed for cutting only: the whole has no beginning and no end. Newest first. */
function planOf(first: number, now: number, parallel: number, again: boolean): Omit<Stretch, 'rescan'>[] {
  const span = Math.max(1, now - first);
  const count = again && span < 24 * hourMs ? 1 : Math.min(stretchesMax, parallel * 8, Math.ceil(span / hourMs));
  const edges = Array.from({ length: count + 1 }, (_, n) => Math.round(first + (span * n) / count));
  return edges
    .slice(1)
    .map((to, n) => ({
      from: n === 0 && !again ? 0 : (edges[n] ?? 0),
      to: n === count - 1 ? 0 : to,
      newest: 0,
      done: false,
    }))
    .reverse();
}

async function walkStretches(job: ImportJob, pull: Pull, take: Take, stretches: readonly Stretch[]): Promise<void> {
  const now = job.core.clock.now();
  const begins = Math.min(...stretches.map(({ from, to }) => from || (to || now) - hourMs));
  const behind = new Map(stretches.map((one) => [one.from, one.done ? 1 : 0]));
  const reach = (from: number, share: number) => {
    behind.set(from, share);
    job.progress.reached([...behind.values()].reduce((sum, n) => sum + n, 0) / behind.size);
  };
  job.progress.stage('messages');
  await inParallel(
    stretches.filter(({ done }) => !done),
    job.parallel,
    async (stretch) => {
      const from = stretch.from || begins;
      const span = Math.max(1, (stretch.to || now) - from);
      await walkStretch(pull, take, stretch, (ts) =>
        reach(stretch.from, Math.min(0.99, Math.max(0, 1 - (ts - from) / span))),
      );
      reach(stretch.from, 1);
    },
  );
  const states = await job.core.store.imports.states(job.app.no, job.source, prefix);
  const newest = Math.max(0, ...states.map(({ state }) => (typeof state?.newest === 'number' ? state.newest : 0)));
  // What is dated ahead of all clocks must not hide what comes before it.
  const through = Math.max(await throughOf(job), Math.min(newest, now));
  await note(job, [...states.map(({ what }) => ({ what, state: null })), { what: 'messages', state: { through } }]);
}

async function walkStretch(pull: Pull, take: Take, stretch: Stretch, at: (ts: number) => void): Promise<void> {
  let { cursor, newest } = stretch;
  for (;;) {
    const { records, next } = await historyPage(pull, '/1.2/rtm/messages', stretch, cursor);
    newest = Math.max(newest, ...records.map(tsOf));
    const { from, to, rescan } = stretch;
    const open: JsonObject = { from, to, rescan, newest, done: next === undefined };
    const state: JsonObject = next === undefined ? open : { ...open, cursor: { ...next } };
    await take(records, [{ what: nameOf(stretch), state }]);
    if (next === undefined) return;
    at(next.ts);
    cursor = next;
  }
}

const tsOf = (record: JsonObject): number => (typeof record.timestamp === 'number' ? record.timestamp : 0);

/**
 * One page, the oldest record first; `next` absent: it was the last. A millisecond that the page's end may have parted is
 * left for the next one, whole.
 */
export async function historyPage(
  pull: Pull,
  path: string,
  { from, to }: Pick<Stretch, 'from' | 'to'>,
  cursor: Cursor | undefined,
): Promise<{ records: JsonObject[]; next?: Cursor }> {
  const start: Record<string, string | number> = cursor
    ? { timestamp: cursor.ts, msgid: cursor.mid }
    : to > 0
      ? { timestamp: to }
      : {};
  const answer = await pull(path, { limit: pageRows, ...start, ...(from > 0 ? { till_timestamp: from - 1 } : {}) });
  const all = recordsIn(answer);
  const page = all.filter((record) => tsOf(record) >= from);
  const end = page.at(-1);
  if (!end || page.length < all.length) return { records: page.reverse() };
  const whole = page.length < pageRows ? page : page.filter((record) => tsOf(record) !== tsOf(end));
  const records = whole.length > 0 ? whole : page;
  const last = records.at(-1) ?? end;
  const next = { ts: tsOf(last), mid: String(last['msg-id'] ?? '') };
  if (cursor && next.ts === cursor.ts && next.mid === cursor.mid) return { records: [] };
  return { records: records.reverse(), next };
}

export const recordsIn = (answer: Json): JsonObject[] => (Array.isArray(answer) ? answer.filter(isJsonObject) : []);

/** Time of the oldest message; undefined: there is none. */
export async function oldest(pull: Pull): Promise<number | undefined> {
  const [record] = recordsIn(await pull('/1.2/rtm/messages', { limit: 1, reversed: 'true' }));
  return record ? Math.max(1, tsOf(record)) : undefined;
}
