// What an app's people said, by time, for reports. The store answers in bounded steps; between two of them others get their
// turn.
import { setImmediate as breath } from 'node:timers/promises';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { LogFilter, LogPage, LogRange } from './message.ts';

type Ports = Pick<Core, 'store'>;

/** Up to `limit` messages; `next` says where to go on, absent at the end of the range. */
export async function readLog(
  { store }: Ports,
  app: App,
  range: LogRange,
  filter: LogFilter,
  limit: number,
): Promise<LogPage> {
  const messages: LogPage['messages'] = [];
  for (let rest = range; ; await breath()) {
    const page = await store.messages.log(app.no, rest, filter, limit - messages.length);
    messages.push(...page.messages);
    if (!page.next) return { messages };
    if (messages.length >= limit) return { messages, next: page.next };
    rest = from(range, page.next);
  }
}

/** How many messages the whole range holds. */
export async function countLog({ store }: Ports, app: App, range: LogRange, filter: LogFilter): Promise<number> {
  let total = 0;
  for (let rest = range; ; await breath()) {
    const { count, next } = await store.messages.countLog(app.no, rest, filter);
    total += count;
    if (!next) return total;
    rest = from(range, next);
  }
}

/** The same range from behind a place. */
const from = (range: LogRange, place: { readonly ts: number; readonly no: number }): LogRange =>
  range.order === 'newest' ? { ...range, to: place } : { ...range, from: place };
