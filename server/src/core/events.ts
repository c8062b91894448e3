// What the core announces, after the commit. A closed union: a door's encoder ends its switch in `never`.
import type { Conversation, ConversationChange, ConversationKey } from './conversations/conversation.ts';
import type { MemberRole } from './conversations/member.ts';
import type { PrincipalKey } from './ids.ts';
import type { Delivery } from './marks/mark.ts';
import type { Content, Message, PushWords } from './messages/message.ts';
import type { MessagePlace } from './messages/place.ts';
import type { Broadcast, Upstream } from './services/service.ts';
import type { SubjectKey } from './subjects.ts';

export type { MessagePlace } from './messages/place.ts';

/** The session that caused an event, so that it can be left out. */
export type Origin = { readonly session: string };

type Common = { readonly app: number; readonly origin?: Origin };

export type MessageEvent = Common & {
  readonly type: 'message';
  readonly message: Message;
  readonly place: MessagePlace;
  /** `ts` of the conversation before this message. */
  readonly prev: number;
  /** The speaker's own reference: his other sessions know by it what they hear. */
  readonly ref?: string;
  /** Which of the speaker's own sessions hear it. The fan-out sees to it. */
  readonly echo: 'others' | 'all' | 'none';
  /** Who is dropped first when a listener is slow: 3 before 2 before 1. */
  readonly priority?: 1 | 2 | 3;
  readonly push?: PushWords;
  /** Only these hear it (an application's hook said so); absent: everybody on the topics. */
  readonly only?: readonly PrincipalKey[];
  /** Sensitive words were starred out: the sender's sessions show what he did not say. */
  readonly starred?: boolean;
};

/** The message is as it is now; its `editedTs` is the change's place in the conversation's order. */
export type MessageChangedEvent = Common & {
  readonly type: 'message-edited' | 'message-recalled';
  readonly message: Message;
  readonly place: MessagePlace;
  /** `ts` of the conversation before this change. */
  readonly prev: number;
  /** Only these hear of it, and its sender; absent: everybody on the topics. */
  readonly only?: readonly PrincipalKey[];
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
  readonly conversation: ConversationKey;
  readonly who: readonly PrincipalKey[];
  /** Who did it; absent: the application. */
  readonly by?: PrincipalKey;
  /** The owner from now on, where he is another one than before. */
  readonly newOwner?: PrincipalKey | null;
  /** Of a pair that became a group: everybody, who hears of it by the group's own topic from now on. */
  readonly everybody?: readonly PrincipalKey[];
  readonly ts: number;
  /** `ts` of the conversation before this change. */
  readonly prev: number;
};

export type ConversationDeletedEvent = Common & {
  readonly type: 'conversation-deleted';
  readonly conversation: ConversationKey;
  readonly by?: PrincipalKey;
  readonly ts: number;
};

/** Told to the first members; `members-added` is not announced beside it. */
export type ConversationCreatedEvent = Common & {
  readonly type: 'conversation-created';
  readonly conversation: ConversationKey;
  readonly members: readonly PrincipalKey[];
  readonly by?: PrincipalKey;
  readonly ts: number;
};

export type ConversationChangedEvent = Common & {
  readonly type: 'conversation-changed';
  readonly conversation: ConversationKey;
  readonly by?: PrincipalKey;
  /** What was asked, and what every fact is now. */
  readonly change: ConversationChange;
  readonly now: Conversation;
  readonly ts: number;
};

/** The owner or a role has changed without anybody coming or going. `who`: whose role is `role` now. */
export type RoleEvent = Common & {
  readonly type: 'role-changed';
  readonly conversation: ConversationKey;
  readonly who: readonly PrincipalKey[];
  readonly role: MemberRole;
  readonly by?: PrincipalKey;
  readonly ts: number;
};

/** Who may not speak in a conversation, or may again. `until` null: until it is lifted. */
export type SilenceEvent = Common & {
  readonly type: 'silenced' | 'unsilenced';
  readonly conversation: ConversationKey;
  readonly who: readonly PrincipalKey[];
  readonly until: number | null;
  readonly by?: PrincipalKey;
  readonly ts: number;
};

/** Whom a conversation keeps away, or lets in again. */
export type ConversationBlockEvent = Common & {
  readonly type: 'blocked' | 'unblocked';
  readonly conversation: ConversationKey;
  readonly who: readonly PrincipalKey[];
  readonly by?: PrincipalKey;
  readonly ts: number;
};

/** What one person changed for himself: told to his own sessions. */
export type OwnChangeEvent = Common & {
  readonly who: PrincipalKey;
  readonly ts: number;
} & (
    | { readonly type: 'profile-changed' }
    | {
        readonly type: 'quiet-changed' | 'block-changed';
        readonly added: readonly SubjectKey[];
        readonly removed: readonly SubjectKey[];
      }
    | {
        readonly type: 'shield-changed';
        readonly added: readonly ConversationKey[];
        readonly removed: readonly ConversationKey[];
      }
  );

/** Somebody received messages that want a receipt: told to those who said them. */
export type DeliveredEvent = Common & {
  readonly type: 'delivered';
  readonly who: PrincipalKey;
  readonly place: MessagePlace;
  readonly messages: readonly Delivery[];
  readonly ts: number;
};

/** A client said something to a service: told to nobody's sessions; whoever forwards it for the application listens. */
export type UpstreamEvent = Common & {
  readonly type: 'upstream';
  readonly service: ConversationKey;
  readonly upstream: Upstream;
};

/** A service speaks to everybody of the app who is online; the others are offered it when they come. */
export type BroadcastEvent = Common & {
  readonly type: 'broadcast';
  readonly service: ConversationKey;
  readonly broadcast: Broadcast;
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
  readonly why: 'too-many' | 'app-removed' | 'key-revoked' | 'replaced' | 'kicked' | 'disabled' | 'erased' | 'password';
  /** What the application says of it. */
  readonly reason?: string;
  /** Only sessions of this tag on another device than this one. */
  readonly tagged?: { readonly tag: string; readonly device: string };
};

export type CoreEvent =
  | MessageEvent
  | MessageChangedEvent
  | ActivityEvent
  | AnnouncementEvent
  | PresenceEvent
  | MembersEvent
  | ConversationDeletedEvent
  | ConversationCreatedEvent
  | ConversationChangedEvent
  | RoleEvent
  | SilenceEvent
  | ConversationBlockEvent
  | OwnChangeEvent
  | DeliveredEvent
  | UpstreamEvent
  | BroadcastEvent
  | FriendsChangedEvent
  | SessionEndedEvent;
