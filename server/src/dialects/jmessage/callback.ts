// Messages are told to the application's own server, as reports show them: in the order of storing, many in one request, one
// request at a time for each app, three tries. How far it got is stored: after a crash some may be told twice, none are lost.
// Of several nodes one does it: it looks every second, since it does not hear of what is said to people on the others.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Duties, everyDuty } from '../../core/ports/duties.ts';
import { toStored } from './stored-form.ts';
import { tellServer } from './tell-server.ts';

export type CallbackTimes = {
  /** How often it is looked whether somebody waits whom no event has told of: after a start, say. */
  readonly lookEveryMs: number;
  readonly attemptMsMax: number;
  /** Before the second try; twice as long before the third. */
  readonly backoffMs: number;
  /** What is under way gets at the end. */
  readonly graceMs: number;
  /** How long a message's number may be missing because its commit is still to come; 0: one node commits in order. */
  readonly holesMs: number;
};

export const usualTimes: CallbackTimes = {
  lookEveryMs: 3_000,
  attemptMsMax: 5_000,
  backoffMs: 1_000,
  graceMs: 3_000,
  holesMs: 0,
};

/** No statement takes longer than the holes are waited for. */
export const clusterTimes: CallbackTimes = { ...usualTimes, lookEveryMs: 1_000, holesMs: 20_000 };

const messagesPerCallMax = 100;
const duty = 'jmessage callbacks';

type Ports = Pick<Core, 'store' | 'bus' | 'apps' | 'facts' | 'clock' | 'log'>;

export class Callbacks {
  readonly #core: Ports;
  readonly #times: CallbackTimes;
  readonly #duties: Duties;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** One of each app; `again`: something was said while it was at work. */
  readonly #work = new Map<number, { again: boolean; done: Promise<void> }>();
  /** Apps with a callback, by number, as they were at the last look. */
  #apps: ReadonlyMap<number, App> = new Map();
  /** The first message since the last look, of apps without a callback: they may have got one meanwhile. */
  readonly #heard = new Map<number, number>();
  #stopped = false;

  constructor(core: Ports, times: CallbackTimes = usualTimes, duties: Duties = everyDuty) {
    this.#core = core;
    this.#times = times;
    this.#duties = duties;
    this.#timer = setInterval(() => void this.look(), times.lookEveryMs).unref();
    core.bus.onEvent((event) => {
      if (event.type !== 'message') return;
      const { app, message } = event;
      if (!this.#apps.has(app) && message.no > 0 && !this.#heard.has(app)) this.#heard.set(app, message.no);
      this.#begin(app);
    });
    void this.look();
  }

  /** Learns who wants to be told, and goes on where it was left off. */
  async look(): Promise<void> {
    try {
      const apps = await this.#core.store.apps.list();
      this.#apps = new Map(apps.filter(({ settings }) => settings['jmessage.callback']).map((app) => [app.no, app]));
      for (const no of this.#apps.keys()) this.#begin(no);
      for (const { no } of apps) if (!this.#apps.has(no)) this.#heard.delete(no);
    } catch (err) {
      this.#core.log.warn({ err }, 'callbacks cannot be looked at');
    }
  }

  /** Nothing new is begun; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#end.abort(), this.#times.graceMs);
    await Promise.all([...this.#work.values()].map(({ done }) => done));
    clearTimeout(grace);
  }

  #begin(no: number): void {
    const app = this.#apps.get(no);
    if (!app || this.#stopped) return;
    const busy = this.#work.get(no);
    if (busy) {
      busy.again = true;
      return;
    }
    const done = this.#goOn(app)
      .catch((err: unknown) => this.#core.log.warn({ err, app: app.id }, 'messages could not be told'))
      .finally(() => {
        const again = this.#work.get(no)?.again;
        this.#work.delete(no);
        if (again) this.#begin(no);
      });
    this.#work.set(no, { again: false, done });
  }

  async #goOn(app: App): Promise<void> {
    if (!(await this.#duties.mine(duty))) return;
    const { callbacks } = this.#core.store;
    let place = await callbacks.told(app.no);
    if (place === undefined) {
      // For the first time: of what is said from now on, and of what was said since the last look.
      const first = this.#heard.get(app.no);
      place = first === undefined ? await callbacks.newest() : first - 1;
      await callbacks.tell(app.no, place);
    }
    for (let more = true; more && !this.#stopped; ) {
      const { holesMs } = this.#times;
      const holesSince = holesMs > 0 ? [this.#core.clock.now() - holesMs] : [];
      const { messages, upTo, more: rest } = await callbacks.untold(app.no, place, messagesPerCallMax, ...holesSince);
      if (messages.length > 0) await this.#tell(app, await toStored(this.#core, app, messages));
      // Cut short by our own end: it is told again after the next start.
      if (this.#end.signal.aborted) return;
      if (upTo > place) await callbacks.tell(app.no, upTo);
      place = upTo;
      more = rest && (await this.#duties.mine(duty));
    }
  }

  async #tell(app: App, messages: readonly JsonObject[]): Promise<void> {
    const body = { total: messages.length, messages: [...messages] };
    const parts = { log: this.#core.log, times: this.#times, end: this.#end.signal };
    await tellServer(parts, app, app.settings['jmessage.callback'], body);
  }
}
