// One conversation as the page knows it. Friend and stranger are one person, so they are one chat.
import { type Signal, signal } from '@preact/signals';
import type { Outgoing, Talk, Words } from 'hongyan-im';

export type ChatKind = 'user' | 'group' | 'room' | 'passenger';

/** A message in a log. */
export type Line = {
  /** The same from the first moment on, also when the message is given its time. */
  readonly id: string;
  /** Its place in the order, ms; until the server gives it one, when it was said. */
  readonly ts: number;
  readonly from: string;
  readonly own: boolean;
  readonly words: Words;
  readonly edited?: number;
  readonly recalled?: boolean;
  /** Until the server has it. */
  readonly outgoing?: Outgoing;
  /** Changes whenever `outgoing` does: it changes in place. */
  readonly version?: string;
};

export type Chat = {
  readonly key: string;
  readonly kind: ChatKind;
  readonly id: string;
  readonly lines: Signal<readonly Line[]>;
  /** The newest message, also where the log was not read yet. */
  readonly last: Signal<Line | undefined>;
  readonly unread: Signal<number>;
  readonly mentioned: Signal<boolean>;
  /** My read mark, ms. */
  readonly readTs: Signal<number>;
  /** The others' read marks by their ids, ms. */
  readonly marks: Signal<Readonly<Record<string, number>>>;
  /** Who is typing now. */
  readonly typing: Signal<readonly string[]>;
  /** `unread`: nothing of the past was read yet; `all`: there is nothing earlier. */
  readonly past: Signal<'unread' | 'loading' | 'more' | 'all' | 'failed'>;
  /** Where the divider of what is new stands, ms; 0: nowhere. */
  readonly newFrom: Signal<number>;
  /** What is written and not sent yet. */
  draft: string;
};

export const makeChat = (kind: ChatKind, id: string): Chat => ({
  key: keyFor(kind, id),
  kind,
  id,
  lines: signal([]),
  last: signal(undefined),
  unread: signal(0),
  mentioned: signal(false),
  readTs: signal(0),
  marks: signal({}),
  typing: signal([]),
  past: signal('unread'),
  newFrom: signal(0),
  draft: '',
});

export const keyFor = (kind: ChatKind, id: string): string => `${kind}/${encodeURIComponent(id)}`;

export const kindOf = ({ kind }: Talk): ChatKind => (kind === 'friend' || kind === 'stranger' ? 'user' : kind);

/** Stored messages by their time, what is still on its way behind them. */
const after = (a: Line, b: Line): boolean => {
  if (!a.outgoing !== !b.outgoing) return !!a.outgoing;
  return a.ts > b.ts;
};

/** The lines with one more, in order; one with the same id or the same place is replaced. */
export function withLine(lines: readonly Line[], line: Line): readonly Line[] {
  const same = (other: Line): boolean =>
    other.id === line.id || (!other.outgoing && !line.outgoing && other.ts === line.ts);
  const old = lines.find(same);
  const kept = lines.filter((other) => !same(other));
  let at = kept.length;
  while (at > 0 && after(kept[at - 1] as Line, line)) at--;
  return kept.toSpliced(at, 0, old && !line.outgoing ? { ...line, id: old.id } : line);
}

/** A page of history and what is there already; what is there knows more. */
export function withPage(lines: readonly Line[], page: readonly Line[]): readonly Line[] {
  const known = new Set(lines.filter(({ outgoing }) => !outgoing).map(({ ts }) => ts));
  const added = page.filter(({ ts }) => !known.has(ts));
  if (!added.length) return lines;
  return [...added, ...lines].sort((a, b) => (after(a, b) ? 1 : after(b, a) ? -1 : 0));
}

/** The newest that the server has. */
export const newest = (lines: readonly Line[]): Line | undefined => lines.findLast(({ outgoing }) => !outgoing);
