// Works through the outbox. Every lane (an app's search for the absent, or one of its providers) has so many jobs in hand
// at once and waits for no other lane. What is in hand when the process dies comes back when its lease ends.
import { randomUUID } from 'node:crypto';
import { setImmediate as breath, setTimeout as wait } from 'node:timers/promises';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { ProviderName } from '../ports/push.ts';
import { type Delivered, type DeliverPorts, deliver, lifeMs } from './deliver.ts';
import { spreadOf } from './notify.ts';
import type { Job, JobKind, Lane } from './outbox.ts';

export type PushMetrics = {
  /** `outcome`: sent, dead-token, rejected, retry, expired, skipped. */
  pushed(provider: ProviderName, outcome: string, ms: number): void;
};

export type PushParts = DeliverPorts & {
  readonly core: Pick<Core, 'store' | 'presence' | 'hooks' | 'clock' | 'log'>;
  readonly metrics?: PushMetrics;
};

export type PushTimes = {
  /** How often the lanes are looked at. */
  readonly lookEveryMs: number;
  /** How long one attempt may take; well below the lease. */
  readonly attemptMsMax: number;
  readonly leaseMs: number;
  /** Before the second attempt; doubled for each further one. */
  readonly backoffMs: number;
  readonly backoffMsMax: number;
  /** What attempts under way get at the end. */
  readonly graceMs: number;
};

export const usualTimes: PushTimes = {
  lookEveryMs: 100,
  attemptMsMax: 10_000,
  leaseMs: 30_000,
  backoffMs: 5_000,
  backoffMsMax: 60 * 60_000,
  graceMs: 3_000,
};

/** Jobs of one lane in hand at once. */
const inHandMax = 32;
/** How long finished jobs are gathered. */
const sweepAfterMs = 25;
/** How long the apps' settings are believed. */
const appsAgeMs = 1_000;

type Work = Lane & {
  readonly inHand: Set<Promise<void>>;
  filling: boolean;
  /** The last look found as many jobs as there were hands. */
  more: boolean;
};

export class PushWorker {
  readonly #parts: PushParts;
  readonly #times: PushTimes;
  /** Names this worker in leases. */
  readonly #by = randomUUID();
  readonly #lanes = new Map<string, Work>();
  readonly #appOf: (no: number) => Promise<App | undefined>;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Finished, and not yet out of the table: taken out together, so that few commits stand in the way of those who talk. */
  #finished: number[] = [];
  #sweeping: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: PushParts, times: PushTimes = usualTimes) {
    this.#parts = parts;
    this.#times = times;
    this.#appOf = openApps(parts.core);
    this.#timer = setInterval(() => void this.look(), times.lookEveryMs).unref();
  }

  /** Begins what is due. */
  async look(): Promise<void> {
    const { store, clock, log } = this.#parts.core;
    if (this.#stopped) return;
    try {
      const lanes = await store.outbox.lanes();
      for (const { dueAt, ...lane } of lanes) if (dueAt <= clock.now()) void this.#fill(lane);
    } catch (err) {
      log.warn({ err }, 'the outbox cannot be looked at');
    }
  }

  /** Nothing new is begun; resolves when nothing is in hand. What was cut short is tried again after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#end.abort(), this.#times.graceMs);
    const busy = (): boolean => [...this.#lanes.values()].some(({ inHand, filling }) => filling || inHand.size > 0);
    while (busy()) await wait(5);
    clearTimeout(grace);
    await this.#sweeping;
  }

  /** The job is done: it leaves the table within a moment. Should the process die before that, it is done once more. */
  #finish(job: Job): void {
    this.#finished.push(job.no);
    this.#sweeping ??= this.#sweep();
  }

  async #sweep(): Promise<void> {
    const { store, log } = this.#parts.core;
    while (this.#finished.length > 0) {
      await wait(this.#stopped ? 0 : sweepAfterMs);
      const finished = this.#finished;
      this.#finished = [];
      await store.outbox
        .done(this.#by, finished)
        .catch((err: unknown) => log.warn({ err }, 'pushes that were made stay in the outbox'));
    }
    this.#sweeping = undefined;
  }

  #lane({ app, kind }: Lane): Work {
    const key = `${app}/${kind}`;
    const lane = this.#lanes.get(key) ?? { app, kind, inHand: new Set(), filling: false, more: false };
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Takes as many jobs as the lane has hands free, once half of them are. */
  async #fill(which: Lane): Promise<void> {
    const lane = this.#lane(which);
    if (this.#stopped || lane.filling || lane.inHand.size > inHandMax / 2) return;
    const { store, log } = this.#parts.core;
    const { app: no, kind, inHand } = lane;
    lane.filling = true;
    try {
      const app = await this.#appOf(no);
      const free = inHandMax - inHand.size;
      const jobs = await store.outbox.take({ app: no, kind }, { by: this.#by, ms: this.#times.leaseMs }, free);
      lane.more = jobs.length === free;
      for (const job of jobs) {
        const working: Promise<void> = this.#work(app, kind, job)
          .catch((err: unknown) => log.warn({ err, app: no, kind }, 'a push was put off'))
          .finally(() => {
            inHand.delete(working);
            if (lane.more) void this.#fill(lane);
          });
        inHand.add(working);
        // Preparing one takes a moment of this thread: those who talk get theirs in between.
        await breath();
      }
    } catch (err) {
      log.warn({ err, app: no, kind }, 'no jobs can be taken from the outbox');
    } finally {
      lane.filling = false;
    }
  }

  async #work(app: App | undefined, kind: JobKind, job: Job): Promise<void> {
    const { clock } = this.#parts.core;
    if (!app || clock.now() >= job.createdAt + lifeMs) return this.#drop(kind, job, 'expired');
    try {
      if (kind === 'notify') await this.#spread(app, job);
      else await this.#settle(kind, job, await this.#attempt(app, kind, job));
    } catch (error) {
      await this.#putOff(kind, job);
      throw error;
    }
  }

  async #spread(app: App, job: Job): Promise<void> {
    const step = await spreadOf(this.#parts.core, app, job);
    await this.#parts.core.store.outbox.spread(this.#by, [step]);
    for (const kind of new Set(step.to.map((part) => part.kind))) void this.#fill({ app: app.no, kind });
  }

  async #attempt(app: App, kind: ProviderName, job: Job): Promise<Delivered> {
    const begun = performance.now();
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(this.#times.attemptMsMax)]);
    const late = new Promise<Delivered>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'retry', why: 'no answer in time' }), { once: true });
    });
    const delivered = await Promise.race([deliver(this.#parts, app, kind, job, signal), late]);
    this.#parts.metrics?.pushed(kind, delivered.kind, performance.now() - begun);
    if ('why' in delivered) {
      const fields = { app: app.id, provider: kind, attempts: job.attempts, why: delivered.why };
      this.#parts.core.log.warn(fields, delivered.kind === 'retry' ? 'a push was put off' : 'a push was rejected');
    }
    return delivered;
  }

  #settle(kind: ProviderName, job: Job, delivered: Delivered): Promise<void> {
    if (delivered.kind === 'retry') return this.#putOff(kind, job, delivered.afterMs);
    this.#finish(job);
    return Promise.resolve();
  }

  async #putOff(kind: JobKind, job: Job, afterMs = 0): Promise<void> {
    const { store, clock } = this.#parts.core;
    const now = clock.now();
    // An attempt that our own end has cut short is nobody's failure.
    const dueAt = this.#end.signal.aborted ? now : now + Math.max(afterMs, backoff(this.#times, job.attempts));
    if (dueAt >= job.createdAt + lifeMs) return this.#drop(kind, job, 'expired');
    return store.outbox.later(this.#by, [{ no: job.no, dueAt: Math.ceil(dueAt) }]);
  }

  #drop(kind: JobKind, job: Job, outcome: string): void {
    if (kind !== 'notify') this.#parts.metrics?.pushed(kind, outcome, 0);
    this.#finish(job);
  }
}

/** With a fifth of chance in it, so that what failed together does not come back together. */
const backoff = ({ backoffMs, backoffMsMax }: PushTimes, attempts: number): number =>
  Math.min(backoffMsMax, backoffMs * 2 ** Math.min(attempts - 1, 30)) * (0.8 + Math.random() * 0.4);

/** Apps by their numbers, asked for anew every second. */
function openApps({ store, clock }: PushParts['core']): (no: number) => Promise<App | undefined> {
  let apps: Promise<Map<number, App>> | undefined;
  let until = 0;
  return async (no) => {
    if (!apps || until <= clock.now()) {
      apps = store.apps.list().then((list) => new Map(list.map((app) => [app.no, app])));
      until = clock.now() + appsAgeMs;
      apps.catch(() => {
        apps = undefined;
      });
    }
    return (await apps).get(no);
  };
}
