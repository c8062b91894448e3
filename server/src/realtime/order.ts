// Events of one conversation reach the sessions here in the order of their places, each once, whichever node announced
// them. An event that names a place before it which nobody has heard of is held back for a moment; what does not come
// meanwhile is read from the store.
import type { Core } from '../core/core.ts';
import type { CoreEvent } from '../core/events.ts';
import { Recent } from '../core/lru.ts';
import type { Topic } from '../core/ports/bus.ts';
import type { Hub } from './hub.ts';
import { type Missed, readMissed } from './missed.ts';
import { type Finder, nameOf, type Placed, placeOf, topicsOf } from './places.ts';

/** `late`: read from the store; its place. */
export type Deliver = (event: CoreEvent, topics: readonly Topic[], late?: number) => void;

type Item = {
  readonly event: CoreEvent;
  readonly topics: readonly Topic[];
  readonly placed: Placed;
  /** It has no place of its own and only waits behind what is held. */
  readonly follows?: true;
};

type Found = { readonly missed: readonly Missed[]; readonly topics: readonly Topic[] };

type Held = {
  readonly app: number;
  items: Item[];
  /** How far the store is to be read. */
  upTo: number;
  timer: NodeJS.Timeout | undefined;
  reading: boolean;
  tries: number;
};

/** Two nodes that announce at once are not further apart than this. */
const holdMs = 100;
const againMs = 500;
const triesMax = 4;
/** Events held back; above it they are passed on as they come. */
const heldMax = 10_000;
/** Conversations whose last place is remembered. */
const placesMax = 100_000;
/** Events about conversations that are told apart from their copies in the store. */
const seenMax = 50_000;
const seenMsMax = 10 * 60_000;

type Parts = {
  readonly core: Pick<Core, 'store' | 'clock' | 'log'>;
  readonly hub: Pick<Hub, 'since'>;
  readonly find: Finder;
  readonly deliver: Deliver;
  readonly caughtUp: (count: number) => void;
};

export class Order {
  readonly #parts: Parts;
  readonly #last = new Map<number, number>();
  /** No conversation that is not remembered any more has passed a later place. */
  #forgotten = 0;
  readonly #held = new Map<number, Held>();
  #heldCount = 0;
  readonly #seen: Recent<'live' | 'late'>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#seen = new Recent(parts.core.clock, seenMax, seenMsMax);
  }

  hear(event: CoreEvent, topics: readonly Topic[]): void {
    const since = this.#parts.hub.since(topics);
    const placed = placeOf(event);
    const name = nameOf(event);
    if (name !== undefined && since !== undefined) {
      if (this.#seen.get(name) === 'late') return;
      this.#seen.set(name, 'live');
    }
    const held = this.#held.get(placed?.conversation ?? conversationOf(event));
    if (since === undefined || (!placed && !held)) this.#parts.deliver(event, topics);
    else if (held)
      this.#join(held, placed ? { event, topics, placed } : { event, topics, placed: behind(event), follows: true });
    else if (placed) this.#take({ event, topics, placed }, since);
  }

  /** Something that was kept for the absent: those who are here may have missed it. */
  hearKept(event: CoreEvent): void {
    const topics = topicsOf(event);
    const since = this.#parts.hub.since(topics);
    const name = nameOf(event);
    if (since === undefined || name === undefined || !('ts' in event) || event.ts <= since) return;
    if (this.#seen.get(name) || this.#held.has(conversationOf(event))) return;
    this.#passLate(event, topics, event.ts);
  }

  /** Nothing up to `at` is missing, as far as is known. */
  has(conversation: number, at: number): boolean {
    return (this.#last.get(conversation) ?? 0) >= at || this.#held.has(conversation);
  }

  /** Reads what those who listen to the topics have not heard up to `upTo`. */
  fill(app: number, conversation: number, topics: readonly Topic[], upTo: number): void {
    const since = this.#parts.hub.since(topics);
    if (since === undefined || this.has(conversation, upTo) || upTo <= this.#floor(conversation, since)) return;
    this.#hold(conversation, { app, items: [], upTo }, 0);
  }

  stop(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
  }

  #take(item: Item, since: number): void {
    const { conversation, at, prev } = item.placed;
    if (this.#isPast(item)) return;
    if (prev <= this.#floor(conversation, since) || this.#heldCount >= heldMax) this.#pass(item);
    else this.#hold(conversation, { app: item.event.app, items: [item], upTo: at }, holdMs);
  }

  #floor(conversation: number, since: number): number {
    return Math.max(this.#last.get(conversation) ?? this.#forgotten, since);
  }

  #moveTo(conversation: number, at: number): void {
    const last = this.#last.get(conversation) ?? 0;
    this.#last.delete(conversation);
    this.#last.set(conversation, Math.max(last, at));
    if (this.#last.size <= placesMax) return;
    for (const [oldest, place] of this.#last) {
      this.#last.delete(oldest);
      this.#forgotten = Math.max(this.#forgotten, place);
      return;
    }
  }

  #pass({ event, topics, placed, follows }: Item): void {
    if (!follows) this.#moveTo(placed.conversation, placed.at);
    this.#parts.deliver(event, topics);
  }

  #passLate(event: CoreEvent, topics: readonly Topic[], at: number): void {
    const name = nameOf(event);
    if (name !== undefined) this.#seen.set(name, 'late');
    this.#parts.caughtUp(1);
    this.#parts.deliver(event, topics, at);
  }

  #hold(conversation: number, start: Pick<Held, 'app' | 'items' | 'upTo'>, ms: number): void {
    const held: Held = { ...start, timer: undefined, reading: false, tries: 0 };
    this.#held.set(conversation, held);
    this.#heldCount += held.items.length;
    this.#readIn(conversation, held, ms);
  }

  #join(held: Held, item: Item): void {
    held.items.push(item);
    this.#heldCount += 1;
    if (!held.reading) this.#release(item.placed.conversation, held);
  }

  /** What needs to wait no longer. */
  #release(conversation: number, held: Held): void {
    held.items.sort((a, b) => a.placed.at - b.placed.at);
    for (let first = held.items[0]; first; first = held.items[0]) {
      const since = this.#parts.hub.since(first.topics) ?? 0;
      if (first.placed.prev > this.#floor(conversation, since) && this.#heldCount < heldMax) break;
      held.items.shift();
      this.#heldCount -= 1;
      if (!this.#isPast(first)) this.#pass(first);
    }
    if (held.items.length > 0 || held.upTo > (this.#last.get(conversation) ?? 0)) return;
    clearTimeout(held.timer);
    this.#held.delete(conversation);
  }

  #isPast({ event, placed }: Item): boolean {
    return nameOf(event) === undefined && placed.at <= (this.#last.get(placed.conversation) ?? 0);
  }

  #readIn(conversation: number, held: Held, ms: number): void {
    held.timer = setTimeout(() => {
      this.#read(conversation, held).catch((err: unknown) => {
        this.#parts.core.log.error({ err }, 'what was missed could not be told');
        this.#held.delete(conversation);
        this.#heldCount -= held.items.length;
      });
    }, ms);
    held.timer.unref();
  }

  async #read(conversation: number, held: Held): Promise<void> {
    held.reading = true;
    const places = held.items.map(({ placed, follows }) => (follows ? 0 : placed.at));
    const upTo = Math.max(held.upTo, ...places);
    let found: Found = { missed: [], topics: [] };
    try {
      found = await this.#missed(held.app, conversation, upTo);
    } catch (err) {
      held.tries += 1;
      this.#parts.core.log.warn({ err, tries: held.tries }, 'what was missed could not be read');
      held.reading = held.tries >= triesMax;
      if (!held.reading) return this.#readIn(conversation, held, againMs * held.tries);
    }
    if (this.#held.get(conversation) === held) this.#merge(conversation, held, found, upTo);
  }

  async #missed(app: number, conversation: number, upTo: number): Promise<Found> {
    const { core, find, hub } = this.#parts;
    const where = (await find(app, [conversation])).get(conversation);
    const since = where && hub.since(where.topics);
    if (!where || since === undefined) return { missed: [], topics: [] };
    const after = this.#floor(conversation, since);
    return { missed: await readMissed(core, app, conversation, where, { after, upTo }), topics: where.topics };
  }

  #merge(conversation: number, held: Held, { missed, topics }: Found, upTo: number): void {
    const behindIt = held.items.filter(({ placed }) => placed.at > upTo);
    const live = held.items.filter(({ placed }) => placed.at <= upTo);
    this.#heldCount -= live.length;
    const steps: { at: number; tell: () => void }[] = live.map((item) => ({
      at: item.placed.at,
      tell: () => {
        if (!this.#isPast(item)) this.#pass(item);
      },
    }));
    for (const { event, at } of missed) {
      const name = nameOf(event);
      const known = name === undefined ? live.some(({ placed }) => placed.at === at) : this.#seen.get(name);
      if (known) continue;
      const to = name === undefined ? topics : topicsOf(event);
      steps.push({
        at,
        tell: () => {
          if (name === undefined && at <= (this.#last.get(conversation) ?? 0)) return;
          if (placeOf(event)) this.#moveTo(conversation, at);
          this.#passLate(event, to, at);
        },
      });
    }
    for (const { tell } of steps.sort((a, b) => a.at - b.at)) tell();
    this.#moveTo(conversation, upTo);
    held.items = behindIt;
    held.reading = false;
    this.#release(conversation, held);
    if (held.items.length > 0) this.#readIn(conversation, held, holdMs);
  }
}

const conversationOf = (event: CoreEvent): number => ('conversation' in event ? event.conversation.no : 0);

/** An event that has no place of its own waits behind what is held already. */
const behind = (event: CoreEvent): Placed => ({
  conversation: conversationOf(event),
  at: 'ts' in event ? event.ts : 0,
  prev: 0,
});
