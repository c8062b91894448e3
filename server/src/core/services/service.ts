// A service speaks with many: its subscribers are its members, a thread is its talk with one client, a broadcast goes to
// everybody of the app until it ends, and what clients say to it goes upstream instead of into a conversation.
import type { ConversationKey } from '../conversations/conversation.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Content, Edge, Original, PushWords } from '../messages/message.ts';
import type { Cause } from '../push/outbox.ts';

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
  /** Valid or over, of one service: a stretch of what it told everybody, by time. Edges as in a page of messages. */
  told(
    app: number,
    conversation: number,
    range: {
      readonly after?: Edge;
      readonly before?: Edge;
      readonly from: 'newest' | 'oldest';
      readonly limit: number;
    },
  ): Promise<Broadcast[]>;
  /** Up to when broadcasts have reached `who`; undefined: none has. */
  reachedTs(app: number, who: PrincipalKey): Promise<number | undefined>;
  /** Numbers of the threads of these services with one client, in the order asked; null: it never spoke to him alone. */
  threadsOf(app: number, who: PrincipalKey, services: readonly number[]): Promise<(number | null)[]>;
  upstream(
    app: number,
    page: { readonly conversation?: number; readonly before?: number; readonly limit: number },
  ): Promise<Upstream[]>;
  /** What the application's own server is still to be told, the oldest first. */
  waiting(app: number, limit: number): Promise<Upstream[]>;
}

export interface ServiceWrites {
  /** Throws `conversation-not-found`; `full` (what: broadcasts) above `dayMax` of the app in 24 hours. */
  broadcast(
    app: number,
    draft: Omit<Broadcast, 'no' | 'createdAt'>,
    dayMax: number,
    now: number,
    /** Written with it: the absent are to be told. */
    job?: Cause,
  ): Promise<Broadcast>;
  /** Throws `message-not-found`. */
  changeBroadcast(app: number, no: number, words: { content: Content; original?: Original }): Promise<Broadcast>;
  /** Broadcasts of all services up to `ts` have reached him, never back. One write for each that is new to him. */
  reached(app: number, who: PrincipalKey, ts: number): Promise<void>;
  /** Throws `message-not-found`. */
  endBroadcast(app: number, no: number): Promise<void>;
  /** `tell`: the application's own server is to be told of it. */
  putUpstream(app: number, draft: Omit<Upstream, 'no' | 'createdAt'>, now: number, tell?: boolean): Promise<Upstream>;
  /** These were told. */
  handOn(app: number, upstream: readonly number[]): Promise<void>;
  /** Removes up to `rows` broadcasts of any app that ended before `before`. */
  expireBroadcasts(before: number, rows: number): Promise<{ done: boolean; removed: number }>;
}
