// Who is connected here, and what they listen to.
import { limits } from '../core/limits.ts';
import { appTopic, type Bus, type Topic, userTopic } from '../core/ports/bus.ts';
import { type Clock, systemClock } from '../core/ports/clock.ts';
import type { AnySession } from './session.ts';

const nobody: ReadonlySet<AnySession> = new Set();

/** Who listens to one topic here, and since when anybody does without a break. */
class Listeners extends Set<AnySession> {
  readonly since: number;
  constructor(since: number) {
    super();
    this.since = since;
  }
}

export class Hub {
  readonly #listeners = new Map<Topic, Listeners>();
  readonly #bus: Pick<Bus, 'want' | 'unwant'>;
  readonly #sessions = new Set<AnySession>();
  readonly #came = new WeakMap<AnySession, number>();
  readonly #clock: Clock;

  constructor(bus: Pick<Bus, 'want' | 'unwant'>, clock: Clock = systemClock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  listeners(topic: Topic): ReadonlySet<AnySession> {
    return this.#listeners.get(topic) ?? nobody;
  }

  /** Since when somebody here has listened to one of the topics; undefined: nobody does. Unix milliseconds. */
  since(topics: readonly Topic[]): number | undefined {
    let since: number | undefined;
    for (const topic of topics) {
      const here = this.#listeners.get(topic);
      if (here && (since === undefined || here.since < since)) since = here.since;
    }
    return since;
  }

  /** When a session came, Unix milliseconds. */
  cameAt(session: AnySession): number {
    return this.#came.get(session) ?? 0;
  }

  /** The session hears its own topic and its app's from the moment this resolves. The oldest above the bound is ended. */
  async add(session: AnySession): Promise<void> {
    this.#sessions.add(session);
    this.#came.set(session, this.#clock.now());
    const own = userTopic(session.app, session.who);
    const others = this.listeners(own);
    if (others.size >= limits.sessionsPerPrincipalMax)
      for (const oldest of others) {
        oldest.end('too-many');
        break;
      }
    await Promise.all([this.listen(session, own), this.listen(session, appTopic(session.app))]);
  }

  remove(session: AnySession): void {
    if (!this.#sessions.delete(session)) return;
    for (const topic of [...session.topics]) this.unlisten(session, topic);
  }

  /**
   * A session that has been removed meanwhile listens to nothing any more. `since`: what happened from then on concerns it,
   * where that is earlier than now.
   */
  async listen(session: AnySession, topic: Topic, since = this.#clock.now()): Promise<void> {
    if (!this.#sessions.has(session)) return;
    session.topics.add(topic);
    const here = this.#listeners.get(topic);
    if (here) {
      here.add(session);
      return;
    }
    this.#listeners.set(topic, new Listeners(since).add(session));
    await this.#bus.want(topic);
  }

  unlisten(session: AnySession, topic: Topic): void {
    session.topics.delete(topic);
    const here = this.#listeners.get(topic);
    if (!here?.delete(session) || here.size > 0) return;
    this.#listeners.delete(topic);
    this.#bus.unwant(topic);
  }

  /** Every session of every app, for an orderly stop. */
  sessions(): ReadonlySet<AnySession> {
    return this.#sessions;
  }
}
