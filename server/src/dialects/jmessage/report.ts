// Reports: what was said in an app, by a user and to him, or in one group or room, by time.
import type { App } from '../../core/apps/app.ts';
import type { Core } from '../../core/core.ts';
import { countLog, readLog } from '../../core/messages/log.ts';
import type { LogFilter, LogRange, Message } from '../../core/messages/message.ts';
import { conversationsOf } from './gatherings.ts';

type Ports = Pick<Core, 'store'>;

/** Unix milliseconds, both ends inclusive. */
export type Span = { readonly from: number; readonly to: number };
/** The last message that was shown. */
export type Place = { readonly ts: number; readonly no: number };

/** What is reported: whatever one of the filters leaves. What two of them leave, `both` leaves too. */
export type Source = { readonly filters: readonly LogFilter[]; readonly both?: LogFilter };

export const everything: Source = { filters: [{}] };
export const inConversation = (no: number): Source => ({ filters: [{ conversations: [no] }] });

/** What a user said anywhere, and what was said to him alone. */
export async function aboutUser(core: Ports, app: App, who: string): Promise<Source> {
  const talks = await conversationsOf(core, app, who, ['direct']);
  const conversations = talks.map(({ no }) => no);
  return { filters: [{ sender: who }, { conversations }], both: { sender: who, conversations } };
}

const rangeOf = ({ from, to }: Span, after?: Place): LogRange => ({
  from: after ?? { ts: from, closed: true },
  to: { ts: to, closed: true },
  order: 'oldest',
});

export async function countReport(core: Ports, app: App, span: Span, { filters, both }: Source): Promise<number> {
  let total = 0;
  for (const filter of filters) total += await countLog(core, app, rangeOf(span), filter);
  return both ? total - (await countLog(core, app, rangeOf(span), both)) : total;
}

export type ReportPage = { readonly messages: readonly Message[]; readonly more: boolean };

/** The first `limit` behind a place. */
export async function readReport(
  core: Ports,
  app: App,
  span: Span,
  { filters }: Source,
  limit: number,
  after?: Place,
): Promise<ReportPage> {
  const found = new Map<number, Message>();
  // One more than asked: whether there is another page is known before it is asked for.
  for (const filter of filters) {
    const { messages } = await readLog(core, app, rangeOf(span, after), filter, limit + 1);
    for (const message of messages) found.set(message.no, message);
  }
  const all = [...found.values()].sort((a, b) => a.ts - b.ts || a.no - b.no);
  return { messages: all.slice(0, limit), more: all.length > limit };
}

const skipStep = 1_000;

/** A page that begins behind so many. They are walked through: nobody has counted them. */
export async function readReportAt(
  core: Ports,
  app: App,
  span: Span,
  source: Source,
  start: number,
  limit: number,
): Promise<readonly Message[]> {
  let after: Place | undefined;
  for (let left = start; left > 0; ) {
    const { messages, more } = await readReport(core, app, span, source, Math.min(left, skipStep), after);
    const last = messages.at(-1);
    if (!last || !more) return [];
    after = { ts: last.ts, no: last.no };
    left -= messages.length;
  }
  return (await readReport(core, app, span, source, limit, after)).messages;
}
