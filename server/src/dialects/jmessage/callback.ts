// Messages are told to the application's own server, as reports show them: in the order of storing, many in one request, one
// request at a time for each app, three tries. How far it got is stored: after a crash some may be told twice, none are lost.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import type { JsonObject } from '../../core/json.ts';
import { toStored } from './stored-form.ts';

export type CallbackTimes = {
  /** How often it is looked whether somebody waits whom no event has told of: after a start, say. */
  readonly lookEveryMs: number;
  readonly attemptMsMax: number;
  /** Before the second try; twice as long before the third. */
  readonly backoffMs: number;
  /** What is under way gets at the end. */
  readonly graceMs: number;
};

export const usualTimes: CallbackTimes = {
  lookEveryMs: 3_000,
  attemptMsMax: 5_000,
  backoffMs: 1_000,
  graceMs: 3_000,
};

const tries = 3;
const messagesPerCallMax = 100;

type Ports = Pick<Core, 'store' | 'bus' | 'apps' | 'log'>;

export class Callbacks {
  readonly #core: Ports;
  readonly #times: CallbackTimes;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** One of each app; `again`: something was said while it was at work. */
  readonly #work = new Map<number, { again: boolean; done: Promise<void> }>();
  /** Apps with a callback, by number, as they were at the last look. */
  #apps: ReadonlyMap<number, App> = new Map();
  /** The first message since the last look, of apps without a callback: they may have got one meanwhile. */
  readonly #heard = new Map<number, number>();
  #stopped = false;

  constructor(core: Ports, times: CallbackTimes = usualTimes) {
    this.#core = core;
    this.#times = times;
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
    const { callbacks } = this.#core.store;
    let place = await callbacks.told(app.no);
    if (place === undefined) {
      // For the first time: of what is said from now on, and of what was said since the last look.
      const first = this.#heard.get(app.no);
      place = first === undefined ? await callbacks.newest() : first - 1;
      await callbacks.tell(app.no, place);
    }
    for (let more = true; more && !this.#stopped; ) {
      const { messages, upTo, more: rest } = await callbacks.untold(app.no, place, messagesPerCallMax);
      if (messages.length > 0) await this.#tell(app, await toStored(this.#core, app, messages));
      // Cut short by our own end: it is told again after the next start.
      if (this.#end.signal.aborted) return;
      if (upTo > place) await callbacks.tell(app.no, upTo);
      place = upTo;
      more = rest;
    }
  }

  async #tell(app: App, messages: readonly JsonObject[]): Promise<void> {
    const { attemptMsMax, backoffMs } = this.#times;
    for (let n = 1; n <= tries; n++) {
      const why = await post(app, messages, AbortSignal.any([this.#end.signal, AbortSignal.timeout(attemptMsMax)]));
      if (why === undefined || this.#end.signal.aborted) return;
      this.#core.log.warn({ app: app.id, tries: n, why }, 'messages were not taken');
      if (n < tries) await pause(backoffMs * n, this.#end.signal);
    }
  }
}

/** undefined: taken. */
async function post(app: App, messages: readonly JsonObject[], signal: AbortSignal): Promise<string | undefined> {
  const callback = app.settings['jmessage.callback'];
  if (!callback) return undefined;
  const body = JSON.stringify({ total: messages.length, messages });
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    authorization: `Basic ${Buffer.from(`${app.id}:${app.masterKey}`).toString('base64')}`,
  };
  try {
    const answer = await fetch(callback.url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status === 200 ? undefined : `${answer.status}`;
  } catch {
    return signal.aborted ? 'no answer in time' : 'the network failed';
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
