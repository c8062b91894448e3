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
  readonly limit: number;
};

/** The newest `limit` messages of the request, oldest first. */
export async function pageOf(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  conversation: number,
  request: PageRequest,
  view: View,
): Promise<Message[]> {
  const hidden = view.reader === undefined ? 0 : await core.store.messages.hiddenTs(app.no, conversation, view.reader);
  const after = Math.max(hidden, windowStart(core, view));
  return core.store.messages.page(app.no, conversation, { before: request.before, after }, request.limit, view.filter);
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
