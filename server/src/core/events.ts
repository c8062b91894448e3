// What the core announces, after the commit. A closed union: a door's encoder ends its switch in `never`.
import type { PrincipalKey } from './ids.ts';
import type { Content, Message } from './messages/message.ts';

/** The session that caused an event, so that it can be left out. */
export type Origin = { readonly session: string };

type Common = { readonly app: number; readonly origin?: Origin };

/** Where a message was said, in words that any door can show. */
export type MessagePlace =
  | { readonly kind: 'direct'; readonly to: PrincipalKey }
  | { readonly kind: 'group' | 'room'; readonly id: string };

export type MessageEvent = Common & {
  readonly type: 'message';
  readonly message: Message;
  readonly place: MessagePlace;
  /** `ts` of the conversation before this message. */
  readonly prev: number;
};

export type AnnouncementEvent = Common & { readonly type: 'announcement'; readonly content: Content; readonly ts: number };

export type PresenceEvent = Common & {
  readonly type: 'online' | 'offline';
  readonly who: PrincipalKey;
  /** Told to friends on their own topics; `toAll` is the copy on the app's topic, which friends ignore. */
  readonly toAll: boolean;
  readonly friends: readonly PrincipalKey[];
};

export type MembersEvent = Common & {
  readonly type: 'members-added' | 'members-removed';
  readonly conversation: { readonly no: number; readonly id: string; readonly kind: 'group' | 'room' };
  readonly who: readonly PrincipalKey[];
  readonly ts: number;
};

export type ConversationDeletedEvent = Common & {
  readonly type: 'conversation-deleted';
  readonly conversation: { readonly no: number; readonly id: string };
};

export type FriendsChangedEvent = Common & { readonly type: 'friends-changed'; readonly pair: readonly [string, string] };

export type SessionEndedEvent = Common & {
  readonly type: 'session-ended';
  /** Absent: every session on the topic. */
  readonly session?: string;
  readonly why: 'too-many' | 'app-removed' | 'key-revoked';
};

export type CoreEvent =
  | MessageEvent
  | AnnouncementEvent
  | PresenceEvent
  | MembersEvent
  | ConversationDeletedEvent
  | FriendsChangedEvent
  | SessionEndedEvent;
