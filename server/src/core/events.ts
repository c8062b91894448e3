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
  /** The speaker's own reference: his other sessions know by it what they hear. */
  readonly ref?: string;
};

/** The message is as it is now; its `editedTs` is the change's place in the conversation's order. */
export type MessageChangedEvent = Common & {
  readonly type: 'message-edited' | 'message-recalled';
  readonly message: Message;
  readonly place: MessagePlace;
  /** `ts` of the conversation before this change. */
  readonly prev: number;
};

/** Somebody is writing (kept nowhere), or has read up to `ts`. */
export type ActivityEvent = Common & {
  readonly who: PrincipalKey;
  readonly place: MessagePlace;
  /** Of a direct conversation: the two are friends. */
  readonly betweenFriends: boolean;
} & ({ readonly type: 'typing' } | { readonly type: 'read'; readonly ts: number });

export type AnnouncementEvent = Common & {
  readonly type: 'announcement';
  readonly content: Content;
  readonly ts: number;
};

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
  /** `ts` of the conversation before this change. */
  readonly prev: number;
};

export type ConversationDeletedEvent = Common & {
  readonly type: 'conversation-deleted';
  readonly conversation: { readonly no: number; readonly id: string; readonly kind: 'group' | 'room' };
};

export type FriendsChangedEvent = Common & {
  readonly type: 'friends-changed';
  readonly pair: readonly [string, string];
  /** True: they became friends; false: they are friends no longer. */
  readonly friends: boolean;
};

export type SessionEndedEvent = Common & {
  readonly type: 'session-ended';
  /** Absent: every session on the topic. */
  readonly session?: string;
  readonly why: 'too-many' | 'app-removed' | 'key-revoked';
};

export type CoreEvent =
  | MessageEvent
  | MessageChangedEvent
  | ActivityEvent
  | AnnouncementEvent
  | PresenceEvent
  | MembersEvent
  | ConversationDeletedEvent
  | FriendsChangedEvent
  | SessionEndedEvent;
