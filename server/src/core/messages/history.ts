// History as a door shows it: a page before a moment, no older than the door's window, without what the reader has
// hidden for himself.
import type { App } from '../apps/app.ts';
import type { ConversationRef } from '../conversations/conversation.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Message, PageFilter } from './message.ts';

const dayMs = 86_400_000;

/** How a door looks at a conversation. */
export type View = {
  /** Days that are shown; 0 = all. */
  readonly days: number;
  /** Whose hidden messages are left out. */
  readonly reader?: PrincipalKey;
  readonly filter?: PageFilter;
};

export type PageRequest = {
  /** Only messages with a smaller `ts`; absent: up to the newest. */
  readonly before?: number;
  /** Only messages with a greater `ts`, and the oldest of those: for who catches up. */
  readonly after?: number;
  readonly limit: number;
};

/** Up to `limit` messages of the request, oldest first: the newest, or with `after` the oldest. */
export async function pageOf(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  conversation: number,
  request: PageRequest,
  view: View,
): Promise<Message[]> {
  const start = await startOf(core, app, conversation, view);
  const { before, after, limit } = request;
  const range = {
    before,
    after: Math.max(start, after ?? 0),
    from: after === undefined ? 'newest' : 'oldest',
  } as const;
  return core.store.messages.page(app.no, conversation, range, limit, filterOf(view));
}

/** Messages of the view that were edited or recalled after `after`, in the order of that: the first `limit`. */
export async function changesOf(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  conversation: number,
  { after, limit }: { readonly after: number; readonly limit: number },
  view: View,
): Promise<Message[]> {
  const since = await startOf(core, app, conversation, view);
  return core.store.messages.changes(app.no, conversation, { after, since }, limit, filterOf(view));
}

const filterOf = ({ filter, reader }: View): PageFilter | undefined =>
  reader === undefined ? filter : { ...filter, reader };

/** Exclusive: where the window begins, or what the reader has hidden ends. */
async function startOf(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  conversation: number,
  view: View,
): Promise<number> {
  const hidden = view.reader === undefined ? 0 : await core.store.messages.hiddenTs(app.no, conversation, view.reader);
  return Math.max(hidden, windowStart(core, view));
}

/** The newest message of each conversation as the view shows it; null where there is none. */
export async function newestOf(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  conversations: readonly (ConversationRef | undefined)[],
  view: View,
): Promise<(Message | null)[]> {
  const after = windowStart(core, view);
  const asked = conversations.filter((ref) => ref !== undefined && ref.lastTs > after) as ConversationRef[];
  if (asked.length === 0) return conversations.map(() => null);
  const found = await core.store.messages.newest(
    app.no,
    asked.map(({ no }) => ({ conversation: no, after, filter: view.filter, hiddenFor: view.reader })),
  );
  const byNo = new Map(asked.map(({ no }, i) => [no, found[i] ?? null]));
  return conversations.map((ref) => (ref ? (byNo.get(ref.no) ?? null) : null));
}

/** Exclusive; 0 when the door shows all. */
const windowStart = ({ clock }: Pick<Core, 'clock'>, { days }: View): number =>
  days === 0 ? 0 : clock.now() - days * dayMs;
