// Changes are told to the application's own server, as event records: by the node that caused them, in their order, many in
// one request, one request at a time for each app, three tries. They wait in memory: whoever must not miss any reads lists.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import type { CoreEvent } from '../../core/events.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Topic } from '../../core/ports/bus.ts';
import { type CallbackTimes, usualTimes } from './callback.ts';
import { toRecords } from './event-record.ts';
import { tellServer } from './tell-server.ts';

/** What is told in one request, and what waits for a slow server: the oldest of more is dropped, and logged. */
const recordsPerCallMax = 100;
const waitingMax = 1_000;

type Ports = Pick<Core, 'store' | 'apps' | 'clock' | 'log'>;
type Waiting = { records: JsonObject[]; done: Promise<void> };

export class EventCallbacks {
  readonly #core: Ports;
  readonly #times: CallbackTimes;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Apps that want to be told, as they were at the last look. */
  #apps: ReadonlyMap<number, App> = new Map();
  readonly #waiting = new Map<number, Waiting>();
  #stopped = false;

  constructor(core: Ports, times: CallbackTimes = usualTimes) {
    this.#core = core;
    this.#times = times;
    this.#timer = setInterval(() => void this.look(), times.lookEveryMs).unref();
    void this.look();
  }

  /** Learns who wants to be told. */
  async look(): Promise<void> {
    try {
      const apps = await this.#core.store.apps.list();
      this.#apps = new Map(
        apps.filter(({ settings }) => settings['jmessage.eventCallback']).map((app) => [app.no, app]),
      );
    } catch (err) {
      this.#core.log.warn({ err }, 'event callbacks cannot be looked at');
    }
  }

  /** To be called with everything that is published on this node, and with nothing else. */
  heard(event: CoreEvent, topics: readonly Topic[]): void {
    const app = this.#apps.get(event.app);
    if (!app || this.#stopped) return;
    const records = toRecords(app, event, topics, this.#core.clock.now());
    if (records.length === 0) return;
    const waiting = this.#waiting.get(app.no);
    if (!waiting) {
      const begun: Waiting = { records, done: Promise.resolve() };
      this.#waiting.set(app.no, begun);
      begun.done = this.#tell(app.no, begun);
      return;
    }
    waiting.records.push(...records);
    const over = waiting.records.length - waitingMax;
    if (over <= 0) return;
    waiting.records.splice(0, over);
    this.#core.log.warn({ app: app.id, dropped: over }, 'an event callback is too slow');
  }

  /** Nothing new is taken; resolves when what waits was told, or the time for it is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#end.abort(), this.#times.graceMs);
    await Promise.all([...this.#waiting.values()].map(({ done }) => done));
    clearTimeout(grace);
  }

  async #tell(no: number, waiting: Waiting): Promise<void> {
    const parts = { log: this.#core.log, times: this.#times, end: this.#end.signal };
    // What one change causes is told together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.records.length > 0 && !this.#end.signal.aborted) {
      const records = waiting.records.splice(0, recordsPerCallMax);
      const app = this.#apps.get(no);
      if (!app) continue;
      const events = await this.#asAtHome(app, records);
      await tellServer(parts, app, app.settings['jmessage.eventCallback'], { total: events.length, events });
    }
    this.#waiting.delete(no);
  }

  /** A group of another app by its number there, and with its app. */
  async #asAtHome(app: App, records: readonly JsonObject[]): Promise<JsonObject[]> {
    const nos = records.flatMap(({ gid }) => (typeof gid === 'number' && gid > 0 ? [gid] : []));
    try {
      const homes = new Map((await this.#core.store.guests.homesOf(app.no, nos)).map(({ no, home }) => [no, home]));
      return records.map((record) => {
        const home = homes.get(record.gid as number);
        return home ? { ...record, gid: home.no, appkey: home.appId } : record;
      });
    } catch (err) {
      this.#core.log.warn({ err }, 'groups of other apps are told by their numbers here');
      return [...records];
    }
  }
}
