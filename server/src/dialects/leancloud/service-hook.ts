// What clients say to services is told to the application's own server: in order, many in one request, one request at a
// time for each app, and tried again three times. What is still to be told is stored; after a crash some may be told twice.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { type Duties, everyDuty } from '../../core/ports/duties.ts';
import type { Upstream } from '../../core/services/service.ts';
import { upstreamRow } from './upstream-row.ts';

export type ServiceHookTimes = {
  /** How often it is looked whether something waits that no event has told of: after a start, say. */
  readonly lookEveryMs: number;
  readonly attemptMsMax: number;
  /** Before the second try; one more before each further one. */
  readonly backoffMs: number;
  /** What is under way gets at the end. */
  readonly graceMs: number;
};

const usualTimes: ServiceHookTimes = { lookEveryMs: 2_000, attemptMsMax: 5_000, backoffMs: 500, graceMs: 3_000 };
const tries = 4;
const rowsPerCallMax = 100;
const duty = 'leancloud service hook';

type Ports = Pick<Core, 'store' | 'bus' | 'log'>;

export class ServiceHook {
  readonly #core: Ports;
  readonly #times: ServiceHookTimes;
  readonly #duties: Duties;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(core: Ports, duties: Duties = everyDuty, times: ServiceHookTimes = usualTimes) {
    this.#core = core;
    this.#times = times;
    this.#duties = duties;
    this.#timer = setInterval(() => this.look(), times.lookEveryMs).unref();
    core.bus.onEvent((event) => {
      if (event.type === 'upstream') this.look();
    });
    this.look();
  }

  /** Begins to tell what waits; while it is at work, it goes on. */
  look(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#looking = this.#tellAll()
      .catch((err: unknown) => this.#core.log.warn({ err }, 'what was said to services could not be told'))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) this.look();
      });
  }

  /** Nothing new is begun; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#end.abort(), this.#times.graceMs);
    await this.#looking;
    clearTimeout(grace);
  }

  /** An app whose server is slow does not hold up the others. */
  async #tellAll(): Promise<void> {
    if (!(await this.#duties.mine(duty))) return;
    const apps = (await this.#core.store.apps.list()).filter(({ settings }) => settings['services.webhook']);
    await Promise.all(apps.map((app) => this.#tellApp(app)));
  }

  async #tellApp(app: App): Promise<void> {
    const { services, conversations } = this.#core.store;
    while (!this.#stopped) {
      const waiting = await services.waiting(app.no, rowsPerCallMax);
      if (waiting.length === 0) return;
      const keys = await conversations.keys(
        app.no,
        waiting.map(({ conversation }) => conversation),
      );
      const rows = waiting.map((one, n) => rowOf(app, one, keys[n]?.id));
      if (!(await this.#tell(app, JSON.stringify(rows)))) return;
      await services.handOn(
        app.no,
        waiting.map(({ no }) => no),
      );
    }
  }

  /** False: cut short by our own end, and told again after the next start. What nobody takes is given up. */
  async #tell(app: App, body: string): Promise<boolean> {
    const { attemptMsMax, backoffMs } = this.#times;
    for (let n = 1; n <= tries; n += 1) {
      const why = await post(app, body, AbortSignal.any([this.#end.signal, AbortSignal.timeout(attemptMsMax)]));
      if (why === undefined) return true;
      if (this.#end.signal.aborted) return false;
      this.#core.log.warn({ app: app.id, tries: n, why }, 'what was said to a service was not taken');
      if (n < tries) await pause(backoffMs * n, this.#end.signal);
    }
    return !this.#end.signal.aborted;
  }
}

/** As the class has it, without the row's own id and with dates as such. */
function rowOf(app: App, upstream: Upstream, service: string | undefined) {
  const {
    objectId: _id,
    timestamp: _at,
    ...row
  } = upstreamRow(app, upstream, service ?? String(upstream.conversation));
  const date = { __type: 'Date', iso: row.createdAt ?? '' };
  return { ...row, createdAt: date, updatedAt: date };
}

/** undefined: taken. */
async function post(app: App, body: string, signal: AbortSignal): Promise<string | undefined> {
  const hook = app.settings['services.webhook'];
  if (!hook) return undefined;
  const headers = { 'Content-Type': 'application/json', 'X-LC-Id': app.id, 'X-LC-Hook-Key': hook.secret };
  try {
    const answer = await fetch(hook.url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await answer.body?.cancel();
    return answer.ok ? undefined : `${answer.status}`;
  } catch {
    return signal.aborted ? 'no answer in time' : 'the network failed';
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
