// One conversation's order, as far as this client has heard it. Whatever happens in it (a message, an edit, a recall)
// comes with the head before it, so a gap shows. Then what is heard waits until the gap is filled from the server.
import type { FromWire } from './line.ts';
import type { Rest } from './rest.ts';

/** A message, or a change of one. */
type Key = 'ts' | 'edited';
/** What happened at one moment: without a key who is in changed, maybe twice. `prev`: the moment before, when known. */
export type Step = { at: number; key?: Key; prev?: number; tell(): void };

const pageMax = 100;
/** A missing step is given so long to arrive by itself: answers to one's own messages may overtake those of others. */
const graceMs = 300;
const againMs = 2_000;

/**
 * `base`: the moment up to which all is known. `paths`: histories that together are the conversation, each ending in `?`
 * or `&`. `onRecord` hears what they bring. `settle` resolves once it is known what this page said itself.
 */
export function openTape(
  base: number,
  paths: readonly string[],
  rest: Rest,
  onRecord: (record: FromWire, which: number, key: Key) => void,
  isOwn: (record: FromWire) => boolean,
  settle: () => Promise<unknown>,
  isOnline: () => boolean,
) {
  /** The newest that was told of each, and the newest of anything that is known of. */
  const newest = { ts: base, edited: base };
  let head = base;
  let isBehind = false;
  let running: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held: Step[] = [];
  /** Said by this page: history shows them too. */
  const said = new Set<number>();

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const drain = (): void => {
    if (running || isBehind) return;
    held.sort((a, b) => a.at - b.at);
    for (const { at, prev = 0, key, tell } of held) {
      if (prev > head) {
        timer ??= setTimeout(catchUp, graceMs);
        return;
      }
      held = held.slice(1);
      if (key) {
        if (at <= newest[key]) continue;
        newest[key] = at;
      }
      head = Math.max(head, at);
      tell();
    }
    stop();
    for (const ts of said) if (ts < newest.ts) said.delete(ts);
  };

  const fill = async (): Promise<void> => {
    let isChanged: boolean;
    // Until nothing was changed while it was asked: then no message below the newest change is missing.
    do {
      isChanged = false;
      for (const key of ['ts', 'edited'] as const) {
        for (let isFull = true; isFull; ) {
          const from = newest[key];
          const tail = `${key === 'ts' ? 'after' : 'changed'}=${from}&limit=${pageMax}`;
          const pages = await Promise.all(paths.map((path) => rest<FromWire[]>('GET', path + tail)));
          // Beyond the end of a full page the other one says only a part.
          const upTo = Math.min(...pages.map((page) => page[pageMax - 1]?.[key] ?? Infinity));
          isFull = false;
          const records = pages.flatMap((page, which) => page.map((record) => ({ record, which, at: record[key] })));
          for (const { record, which, at } of records.sort((a, b) => a.at - b.at)) {
            if (!(at > from && at <= upTo)) continue;
            isFull = upTo < Infinity;
            if (key !== 'ts') isChanged = true;
            else if (isOwn(record) && !said.has(at)) await settle();
            newest[key] = at;
            if (key !== 'ts' || !said.has(at)) onRecord(record, which, key);
          }
        }
      }
    } while (isChanged);
  };

  /** One run after the other: each asks for what was missed until it began. */
  const catchUp = (): Promise<void> => {
    stop();
    isBehind = false;
    const mine = Promise.resolve(running)
      .then(fill, fill)
      .catch((error) => {
        // A server that says no will not say yes; a network may.
        if (error.status < 500) return;
        isBehind = true;
        timer ??= setTimeout(() => isOnline() && catchUp(), againMs);
        throw error;
      })
      .then(() => {
        // History has its windows, and not everything stands in it: what did not come is not asked for again.
        head = Math.max(head, newest.ts, newest.edited, ...held.map(({ prev = 0 }) => prev));
      })
      .finally(() => {
        if (running !== mine) return;
        running = undefined;
        drain();
      });
    mine.catch(() => {});
    running = mine;
    return mine;
  };

  const take = (step: Step): void => {
    held.push(step);
    drain();
  };

  return {
    head: () => head,
    take,
    /** This page's own message, as its answer says. */
    said(at: number, prev: number | undefined): void {
      said.add(at);
      if (prev !== undefined) take({ at, prev, key: 'ts', tell() {} });
    },
    /** The connection was lost: nothing is told until it is known what was missed. */
    hold(): void {
      isBehind = true;
    },
    /** Nothing was missed. */
    release(): void {
      isBehind = false;
      drain();
    },
    /** Asks for what was missed, tells it, then what was held meanwhile. Rejects when it will be tried again. */
    catchUp,
    stop,
  };
}

export type Tape = ReturnType<typeof openTape>;
