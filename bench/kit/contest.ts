// Servers that do the same thing in turns, and what came out.
import type { Crowd, Load, Window } from './load.ts';
import { startLoad } from './load.ts';
import type { Peer } from './peer.ts';
import { figure, median, quantile, ratio } from './statistics.ts';

export type Entrant = { readonly name: string; readonly peer: Peer; readonly load: Load; windows: Window[] };
/** Who could not take part, and why. */
export type Absent = { readonly name: string; readonly why: string };

export class Contest implements AsyncDisposable {
  readonly entrants: Entrant[] = [];
  readonly absent: Absent[] = [];

  /** Starts a server and lets its crowd in. One that cannot is named as not run. */
  async enter(
    name: string,
    start: () => Promise<Peer>,
    crowdOf: (peer: Peer) => Crowd | Promise<Crowd>,
  ): Promise<void> {
    let peer: Peer | undefined;
    const load = startLoad();
    try {
      peer = await start();
      await load.ask('enter', await crowdOf(peer));
      this.entrants.push({ name, peer, load, windows: [] });
    } catch (error) {
      load.close();
      await peer?.close();
      this.absent.push({ name, why: (error as Error).message });
    }
  }

  /** `rounds` times, everybody once, one after the other. Who fails takes no further part, and is named. */
  async inTurns(rounds: number, measure: (entrant: Entrant) => Promise<Window>): Promise<void> {
    for (const entrant of this.entrants) entrant.windows = [];
    for (let n = 0; n < rounds; n += 1)
      for (const entrant of [...this.entrants]) {
        try {
          entrant.windows.push(await measure(entrant));
        } catch (error) {
          this.absent.push({ name: entrant.name, why: (error as Error).message });
          this.entrants.splice(this.entrants.indexOf(entrant), 1);
          entrant.load.close();
          await entrant.peer.close();
        }
      }
  }

  find(name: string): Entrant | undefined {
    return this.entrants.find((one) => one.name === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { load, peer } of this.entrants) {
      load.close();
      await peer.close().catch(() => {});
    }
  }
}

export const perCpu = ({ delivered, cpu }: Window): number => delivered / cpu;

/** The columns that every table of deliveries has. */
export function row(entrant: Entrant, against: readonly (Entrant | undefined)[]): (string | number)[] {
  const { name, windows } = entrant;
  const each = (pick: (window: Window) => number): number => median(windows.map(pick));
  const { min, max } = figure(windows.map(perCpu));
  const refused = windows.find((window) => window.refused !== '');
  return [
    refused ? `${name} (REFUSED: ${refused.refused.slice(0, 80)})` : name,
    each(perCpu).toFixed(0),
    `${min.toFixed(0)}–${max.toFixed(0)}`,
    each((window) => window.delivered / window.seconds).toFixed(0),
    each(({ p50 }) => p50).toFixed(1),
    each(({ p99 }) => p99).toFixed(1),
    each(({ loadShare }) => loadShare).toFixed(2),
    ...against.map((other) => (other && other !== entrant ? share(entrant, other) : '·')),
  ];
}

/** How the deliveries per CPU-second of two stand to each other, round by round: median and spread. */
export function share(ours: Entrant, theirs: Entrant): string {
  const { median: middle, min, max } = ratio(ours.windows.map(perCpu), theirs.windows.map(perCpu));
  return `${middle.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

export const shareNumber = (ours: Entrant | undefined, theirs: Entrant | undefined): number | undefined =>
  ours && theirs ? ratio(ours.windows.map(perCpu), theirs.windows.map(perCpu)).median : undefined;

export { median, quantile };
