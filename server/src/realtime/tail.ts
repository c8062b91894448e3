// Every few seconds: where did something happen lately, and has it been heard here? For the last word of a conversation
// that then falls silent nobody else would notice that it was lost.
import type { Core } from '../core/core.ts';
import { conversationTopic } from '../core/ports/bus.ts';
import type { Stirred } from '../core/tails/tail.ts';
import type { Hub } from './hub.ts';
import type { Order } from './order.ts';
import type { Finder } from './places.ts';

const everyMs = 3_000;
/** What is younger is still on its way. */
const settleMs = 1_000;
/** Clocks of nodes differ, and a place is given before it is committed. */
const marginMs = 10_000;
/** How far is looked back after the store was away. */
const backMsMax = 5 * 60_000;
const rowsMax = 20_000;

type Parts = {
  readonly core: Pick<Core, 'store' | 'clock' | 'log'>;
  readonly hub: Hub;
  readonly order: Order;
  readonly find: Finder;
};

export function startTail({ core, hub, order, find }: Parts): { look(): void; stop(): void } {
  const { store, clock, log } = core;
  let from = clock.now();
  let looking = false;
  let stopped = false;

  async function read(): Promise<void> {
    const now = clock.now();
    const apps = [...new Set([...hub.sessions()].map(({ app }) => app))];
    if (apps.length > 0) {
      const stretch = { after: Math.max(from - marginMs, now - backMsMax), upTo: now - settleMs };
      const noticed = await store.tails.noticed(apps, stretch, rowsMax);
      const stirred = await store.tails.stirred(apps, stretch, rowsMax);
      for (const event of noticed) if (!stopped) order.hearKept(event);
      for (const [app, some] of byApp(stirred)) await fill(app, some);
    }
    from = now;
  }

  async function fill(app: number, stirred: readonly Stirred[]): Promise<void> {
    const unheard = stirred.filter(({ conversation, at }) => !order.has(conversation, at));
    // A topic of its own tells it at once; whose direct talk the others are has to be looked up.
    const direct = unheard.filter(({ conversation }) => {
      const topics = [conversationTopic(app, conversation)];
      return hub.since(topics) === undefined;
    });
    const where = await find(
      app,
      direct.map(({ conversation }) => conversation),
    );
    for (const { conversation, at } of unheard) {
      const topics = where.get(conversation)?.topics ?? [conversationTopic(app, conversation)];
      if (!stopped) order.fill(app, conversation, topics, at);
    }
  }

  function look(): void {
    if (looking || stopped) return;
    looking = true;
    read()
      .catch((err: unknown) => log.warn({ err }, 'it cannot be looked whether announcements got lost'))
      .finally(() => {
        looking = false;
      });
  }

  const timer = setInterval(look, everyMs).unref();
  return {
    look,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function byApp(stirred: readonly Stirred[]): Map<number, Stirred[]> {
  const apps = new Map<number, Stirred[]>();
  for (const one of stirred) apps.set(one.app, [...(apps.get(one.app) ?? []), one]);
  return apps;
}
