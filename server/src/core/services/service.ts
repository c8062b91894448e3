// A service speaks with many: its subscribers are its members, a thread is its talk with one client, a broadcast goes to
// everybody of the app until it ends, and what clients say to it goes upstream instead of into a conversation.
import type { ConversationKey } from '../conversations/conversation.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Content, Original, PushWords } from '../messages/message.ts';

export type Broadcast = {
  readonly no: number;
  /** Number of the service. */
  readonly conversation: number;
  readonly sender: PrincipalKey;
  readonly content: Content;
  readonly original?: Original;
  readonly push?: PushWords;
  readonly createdAt: number;
  readonly validUntil: number;
};

export type Upstream = {
  readonly no: number;
  readonly conversation: number;
  readonly who: PrincipalKey;
  readonly content: Content;
  readonly original?: Original;
  readonly createdAt: number;
};

export interface ServiceReads {
  /** The service and the client of each thread, in the order asked; undefined: it is none. */
  ofThreads(
    app: number,
    threads: readonly number[],
  ): Promise<((ConversationKey & { readonly who: PrincipalKey }) | undefined)[]>;
  /** Valid at `now`, the newest first; of one service, or of the app. `after`: only those made later than this. */
  broadcasts(
    app: number,
    of: { readonly conversation?: number; readonly after?: number; readonly skip?: number; readonly limit: number },
    now: number,
  ): Promise<Broadcast[]>;
  upstream(
    app: number,
    page: { readonly conversation?: number; readonly before?: number; readonly limit: number },
  ): Promise<Upstream[]>;
}

export interface ServiceWrites {
  /** Throws `conversation-not-found`; `full` (what: broadcasts) above `dayMax` of the app in 24 hours. */
  broadcast(app: number, draft: Omit<Broadcast, 'no' | 'createdAt'>, dayMax: number, now: number): Promise<Broadcast>;
  /** Throws `message-not-found`. */
  changeBroadcast(app: number, no: number, words: { content: Content; original?: Original }): Promise<Broadcast>;
  /** Throws `message-not-found`. */
  endBroadcast(app: number, no: number): Promise<void>;
  putUpstream(app: number, draft: Omit<Upstream, 'no' | 'createdAt'>, now: number): Promise<Upstream>;
  /** Removes up to `rows` broadcasts of any app that ended before `before`. */
  expireBroadcasts(before: number, rows: number): Promise<{ done: boolean; removed: number }>;
}
