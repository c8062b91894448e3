// A message: canonical content, plus the sender's own bytes where the same door could not make them again.

import type { ConversationKind } from '../conversations/conversation.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Json, JsonObject } from '../json.ts';
import type { MessagePlace } from './place.ts';

export type FileRef = {
  readonly url: string;
  readonly name?: string;
  readonly size?: number;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
  readonly crc32?: number;
  readonly hash?: string;
};

export type Content = { readonly extras?: JsonObject } & (
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image' | 'audio' | 'video' | 'file';
      readonly file: FileRef;
      readonly thumb?: FileRef;
      readonly text?: string;
      readonly durationMs?: number;
    }
  | {
      readonly type: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly scale?: number;
      readonly label?: string;
    }
  | { readonly type: 'custom'; readonly name?: string; readonly data: Json }
  | { readonly type: 'recalled' }
);

export type DoorName = 'maxleap' | 'leancloud' | 'jmessage';

/** Opaque to the core: the body as the sender's door had it. */
export type Original = { readonly door: DoorName; readonly body: string; readonly binary: boolean };

/** Who speaks: a user, a passenger, a user with an admin's rights, or the application itself. */
export type SenderKind = 'user' | 'passenger' | 'admin' | 'app';

/** Bits of a stored message's `flags`. */
export const messageFlags = {
  receipt: 1,
  /** No push. */
  silent: 2,
  /** In history, never counted as unread or pushed. */
  uncounted: 4,
  onlineOnly: 8,
  noEcho: 16,
  /** Decided when it was sent: the two of a direct conversation were friends. */
  betweenFriends: 32,
} as const;

/** What the absent are told, in the sender's words. */
export type PushWords = {
  readonly enable?: boolean;
  readonly sound?: string;
  readonly badge?: number;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly overwrite?: string;
  readonly contentAvailable?: boolean;
  /** Instead of the app's template. */
  readonly title?: string;
  /** What else the device's application is to read, by keys of its own. */
  readonly extras?: Readonly<Record<string, string>>;
};

export type Mentions = { readonly all: boolean; readonly who: readonly PrincipalKey[] };

/** What a door hands to `send`. */
export type Draft = {
  readonly content: Content;
  readonly original?: Original;
  readonly flags?: number;
  readonly mentions?: Mentions;
  readonly push?: PushWords;
  /** Who is dropped first when a room's listener is slow: 3 before 2 before 1. Kept nowhere. */
  readonly priority?: 1 | 2 | 3;
  /** The client's own reference: a retry with the same one is the same message, for ever. At most 256 characters. */
  readonly ref?: string;
};

export type Message = {
  /** Number of the conversation. */
  readonly conversation: number;
  /** Milliseconds; unique and strictly increasing in its conversation. */
  readonly ts: number;
  /** 0 for everything live; tells imported messages of one millisecond apart. */
  readonly sub: number;
  /** Server-wide number; 0 when the conversation does not store. */
  readonly no: number;
  readonly sender: PrincipalKey | null;
  readonly as: SenderKind;
  readonly content: Content;
  readonly original?: Original;
  readonly flags: number;
  readonly mentions?: Mentions;
  readonly editedTs?: number;
  /** When the first of its receivers had it, where a receiver says so. */
  readonly deliveredAt?: number;
  /** An imported message's own id. */
  readonly foreignId?: string;
};

/** What has to be known to push a message to who is absent, beside what its own row holds. */
export type PushJob = {
  readonly place: MessagePlace;
  readonly push?: PushWords;
  /** Only these are to hear of it; absent: everybody at the place. */
  readonly only?: readonly PrincipalKey[];
};

/** A draft with everything the store needs to know. */
export type Append = {
  readonly app: number;
  readonly conversation: number;
  readonly sender: PrincipalKey | null;
  readonly as: SenderKind;
  readonly content: Content;
  readonly original?: Original;
  readonly flags: number;
  readonly mentions?: Mentions;
  readonly ref?: string;
  /** Written with the message: the absent are to be told of it. */
  readonly job?: PushJob;
};

export type Appended = {
  readonly ts: number;
  readonly no: number;
  /** The conversation's `ts` before this message: a listener who has it has missed nothing. */
  readonly prev: number;
  /** False: the reference was seen before, and this is the first message's place. Announce nothing. */
  readonly fresh: boolean;
};

/** An end of a range: exclusive unless `closed`. Without `sub` it speaks of the whole millisecond. */
export type Edge = { readonly ts: number; readonly sub?: number; readonly closed?: boolean };

/** A stretch of one conversation. A number is an exclusive millisecond; absent = open. */
export type Range = {
  readonly before?: number | Edge;
  readonly after?: number | Edge;
  /** Never more than the limit, even when that parts messages of one millisecond: for callers whose cursor has `sub`. */
  readonly exact?: boolean;
  /** At which end a page begins that cannot hold the whole range; default: newest. */
  readonly from?: 'newest' | 'oldest';
};

/** Who changes a message: its sender, and nobody else; null: somebody who may change anybody's. */
type Changer = { readonly by: PrincipalKey | null };

export type MessageEdit = Changer & {
  readonly content: Content;
  readonly original?: Original;
  readonly mentions?: Mentions;
};

export type MessageRecall = Changer & {
  /** How long after it was said; absent: for ever. */
  readonly withinMs?: number;
  /** What recalling it a second time is. */
  readonly again: 'ok' | 'error';
};

export type Changed = {
  /** As it is now, with its `editedTs`. */
  readonly message: Message;
  /** The conversation's `ts` before this change. */
  readonly prev: number;
  /** False: it was so already. Announce nothing. */
  readonly fresh: boolean;
};

export type PageFilter = {
  /** Only messages that were (or were not) between friends. */
  readonly betweenFriends?: boolean;
  /** Leave out what an admin or the application said (a door that shows those as announcements). */
  readonly spoken?: boolean;
  /** Show recalled ones too, without what they said. */
  readonly recalled?: boolean;
  readonly types?: readonly Content['type'][];
  readonly sender?: PrincipalKey;
  /** Leave out what this one has hidden one by one. */
  readonly reader?: PrincipalKey;
};

/** A stretch of everything an app's people said, by time, then number; both ends may be closed. */
export type LogRange = {
  readonly from?: { readonly ts: number; readonly no?: number; readonly closed?: boolean };
  readonly to?: { readonly ts: number; readonly no?: number; readonly closed?: boolean };
  readonly order: 'newest' | 'oldest';
};

export type LogFilter = {
  readonly sender?: PrincipalKey;
  /** Numbers; absent: all. */
  readonly conversations?: readonly number[];
  /** What the conversations are; absent: of any kind. */
  readonly kinds?: readonly ConversationKind[];
};

export type LogPage = {
  /** In the order asked for; recalled ones too. */
  readonly messages: Message[];
  /** Where to go on; absent: the range is at its end. A page may be empty and still go on: what it looked through was not asked for. */
  readonly next?: { readonly ts: number; readonly no: number };
};

export interface MessageReads {
  /** One message by its server-wide number, a recalled one too, also of a deleted conversation. */
  byNo(app: number, no: number): Promise<Message | undefined>;
  /** One message by the id it was imported with. */
  byForeignId(app: number, conversation: number, foreignId: string): Promise<Message | undefined>;
  /** The number of an imported message, by its time and the id it came with, in whichever conversation. */
  foreignNo(app: number, ts: number, foreignId: string): Promise<number | undefined>;
  /** One message by its sender's own reference. */
  byRef(app: number, conversation: number, sender: PrincipalKey, ref: string): Promise<Message | undefined>;
  /** One step through an app's log: looks at up to limits.logScanRows rows and answers up to `limit` of them. */
  log(app: number, range: LogRange, filter: LogFilter, limit: number): Promise<LogPage>;
  /** How many the log holds inside the range, looking at up to limits.logScanRows rows; `next` as in `log`. */
  countLog(
    app: number,
    range: LogRange,
    filter: LogFilter,
  ): Promise<{ count: number; next?: { ts: number; no: number } }>;
  /** One message by its time, a recalled one too; undefined when there is none, or none any more. */
  at(app: number, conversation: number, ts: number): Promise<Message | undefined>;
  /**
   * Up to `limit` messages inside the range, always oldest first: the newest of them, or with `from: 'oldest'` the oldest.
   * Recalled and removed ones are left out.
   */
  page(app: number, conversation: number, range: Range, limit: number, filter?: PageFilter): Promise<Message[]>;
  /** The newest message of each conversation inside its range, in the order asked; null where there is none. `hiddenFor` leaves out what that principal has hidden. One query for all. */
  newest(
    app: number,
    of: readonly { conversation: number; after?: number; filter?: PageFilter; hiddenFor?: PrincipalKey }[],
  ): Promise<(Message | null)[]>;
  /**
   * Edits and recalls with `editedTs` > `after`, of messages said after `since`, in the order they were made: the first
   * `limit`. A message appears once, as it is now.
   */
  changes(
    app: number,
    conversation: number,
    range: { readonly after: number; readonly since?: number },
    limit: number,
    filter?: PageFilter,
  ): Promise<Message[]>;
  /** What `who` has hidden in a conversation: everything up to this `ts`; 0 = nothing. */
  hiddenTs(app: number, conversation: number, who: PrincipalKey): Promise<number>;
}

export interface MessageWrites {
  /**
   * Stores one message and moves its conversation's head, in one transaction that may be shared with other appends.
   * Durable on return. Strictly increasing `ts`. A known `ref` of the same sender in the same conversation returns the
   * first message; with other content it throws `conflict` (what: reference). Throws `conversation-not-found`.
   */
  append(draft: Append): Promise<Appended>;
  /**
   * Puts new content in the place of a message's own. Its `ts` stays; the change takes the conversation's next `ts` as
   * `editedTs`. Throws `message-not-found`, `not-the-sender`, `already-recalled`.
   */
  edit(app: number, conversation: number, ts: number, edit: MessageEdit): Promise<Changed>;
  /** Takes a message back; the row stays. Throws `message-not-found`, `not-the-sender`, `already-recalled`, `too-late`. */
  recall(app: number, conversation: number, ts: number, recall: MessageRecall): Promise<Changed>;
  /** Takes one message away for all, as `clear` does. Throws `message-not-found`, `conversation-not-found`. */
  remove(app: number, conversation: number, ts: number, sub?: number): Promise<void>;
  /** Hides one message, by its place, for one principal. Throws `message-not-found`. */
  hideOne(app: number, conversation: number, who: PrincipalKey, ts: number): Promise<void>;
  /** Hides everything up to and including `ts` for one principal. Never moves back. */
  hide(app: number, conversation: number, who: PrincipalKey, ts: number): Promise<void>;
  /**
   * Takes the content of up to `rows` messages with ts ≤ `upTo` away, for all; the rows stay as bare marks so that a late
   * retry does not bring them back. The caller repeats it until done.
   */
  clear(app: number, conversation: number, upTo: number, rows: number): Promise<{ done: boolean }>;
  /** Removes up to `rows` messages of the app with ts < `before` (retention). */
  expire(app: number, before: number, rows: number): Promise<{ done: boolean; removed: number }>;
}
