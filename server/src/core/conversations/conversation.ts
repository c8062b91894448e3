// A conversation is the only thing messages go to: direct talk, groups, rooms, services and the rest are kinds of one.
import type { AttributesChange } from '../attributes.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Search } from '../search.ts';
import type { Member, MemberLimits, MemberReads, MemberWrites } from './member.ts';

export type ConversationKind = 'direct' | 'group' | 'room' | 'service' | 'thread' | 'temporary';

/** How a conversation is named in events and errors. */
export type ConversationKey = { readonly no: number; readonly id: string; readonly kind: ConversationKind };

export type Conversation = {
  /** Storage key and topic: from one server-wide counter, never reused. */
  readonly no: number;
  /** Text in the form of the door that created it. */
  readonly id: string;
  readonly kind: ConversationKind;
  readonly name: string | null;
  readonly description: string | null;
  /** Where its picture is: a URL or a media id, as the door has it. */
  readonly avatar: string | null;
  /** Anybody may join by himself. */
  readonly open: boolean;
  readonly attributes: JsonObject;
  /** Every other fact that an application hung on it, by its top-level name. */
  readonly columns: JsonObject;
  readonly creator: PrincipalKey | null;
  readonly owner: PrincipalKey | null;
  readonly memberMax: number | null;
  /** Everybody, an unlisted owner too. */
  readonly memberCount: number;
  /** Made as the one conversation of its member set; true of every pair. */
  readonly unique: boolean;
  /** Of a pair: something was sent by the pair's address, so no third person comes in. */
  readonly pairTalk: boolean;
  /** Whether messages are stored. False for rooms of the MaxLeap door. */
  readonly keeps: boolean;
  readonly createdAt: number;
  /** Last change that changed something. */
  readonly updatedAt: number;
  /** Last change of facts, owner or members, also one that changed nothing. */
  readonly infoAt: number;
  readonly expiresAt: number | null;
  /** `ts` of the newest message that was stored; 0 before the first. */
  readonly lastTs: number;
};

/** Enough of a conversation to read its newest message. */
export type ConversationRef = { readonly no: number; readonly lastTs: number };

export type ConversationWithMembers = Conversation & { readonly members: readonly Member[] };

export type NewConversation = {
  /** null: its own number in decimal. */
  readonly id: string | null;
  readonly kind: 'group' | 'room' | 'service' | 'temporary';
  readonly name: string | null;
  readonly description?: string;
  readonly avatar?: string;
  readonly open?: boolean;
  readonly attributes: JsonObject;
  readonly columns?: JsonObject;
  readonly creator: PrincipalKey | null;
  readonly owner: PrincipalKey | null;
  /** Without an owner who is not listed. */
  readonly members: readonly PrincipalKey[];
  readonly memberMax?: number;
  readonly keeps: boolean;
  /**
   * A group or temporary one: the one conversation of exactly these members, found where there is one (then nothing of it
   * changes). Two people's is their direct conversation.
   */
  readonly unique?: boolean;
  readonly expiresAt?: number;
};

/** `created` false: it was there already. */
export type Claimed = { readonly no: number; readonly id: string; readonly created: boolean };

/** One step on a free fact, decided under the conversation's lock. `path` names it from the top; its parts are not empty. */
export type FieldStep = { readonly in: 'attributes' | 'columns'; readonly path: readonly string[] } & (
  | { readonly do: 'set'; readonly value: Json }
  | { readonly do: 'unset' }
  /** To the array there; an absent one begins empty. Throws `invalid-argument` (why: type) on anything else. */
  | { readonly do: 'add' | 'add-unique' | 'remove'; readonly values: readonly Json[] }
  /** On the number there; an absent one begins at 0. */
  | { readonly do: 'increment' | 'bit-and' | 'bit-or' | 'bit-xor'; readonly by: number }
);

export type ConversationChange = {
  readonly name?: string | null;
  readonly description?: string | null;
  readonly avatar?: string | null;
  readonly open?: boolean;
  readonly memberMax?: number | null;
  readonly attributes?: AttributesChange;
  /** In order, after everything else. */
  readonly steps?: readonly FieldStep[];
  /** Who asks; absent: the application. */
  readonly by?: PrincipalKey;
};

export type ConversationChanged = {
  /** As it is now. */
  readonly conversation: Conversation;
  /** Something is another than it was. */
  readonly moved: boolean;
};

/** Narrows a search to what the store can tell at once; what is finer is the caller's to filter. All must hold. */
export type ConversationFilter = {
  readonly kinds?: readonly ConversationKind[];
  readonly nos?: readonly number[];
  readonly ids?: readonly string[];
  readonly member?: PrincipalKey;
  readonly createdFrom?: number;
  readonly createdBefore?: number;
  readonly updatedFrom?: number;
  readonly updatedBefore?: number;
  /** Not those that are twins of other apps' conversations (guests/guest.ts). */
  readonly own?: true;
  /** An equality on the name or on one attribute of groups and rooms, as the search index holds it. */
  readonly facet?: { readonly kind: 'group' | 'room'; readonly name: string; readonly value: string };
};

export type ConversationScan = {
  /** By creation, or by the newest message. */
  readonly order: 'created' | 'talked';
  readonly newestFirst: boolean;
  readonly skip?: number;
  readonly limit: number;
};

/** A direct conversation or group as one of its people finds it in his list. */
export type Talk = {
  readonly conversation: Conversation;
  /** Its place in the list: the newest message he has not hidden, or, in a group where there is none, when he joined. */
  readonly ts: number;
  /** The conversation's newest `ts` of all, edits and changes of members counted. */
  readonly head: number;
  /** The other one of a direct conversation, with the other's read mark. */
  readonly peer?: { readonly who: PrincipalKey; readonly readTs: number };
};

export interface ConversationReads extends MemberReads {
  /** By its id, or by its number in decimal. Deleted ones are not found. */
  open(app: number, id: string): Promise<Conversation | undefined>;
  /** By number, in the order asked; a deleted one is named as it was, undefined where there never was one. */
  keys(
    app: number,
    nos: readonly number[],
  ): Promise<((ConversationKey & { readonly pair?: readonly [PrincipalKey, PrincipalKey] }) | undefined)[]>;
  withMembers(app: number, no: number): Promise<ConversationWithMembers | undefined>;
  /** The direct conversation of a pair, if the two ever had one. */
  ofPair(app: number, a: PrincipalKey, b: PrincipalKey): Promise<Conversation | undefined>;
  /** Those that `who` is in, in the order of joining. */
  of(app: number, who: PrincipalKey, kind: ConversationKind): Promise<ConversationWithMembers[]>;
  idsOf(app: number, who: PrincipalKey, kind: ConversationKind): Promise<string[]>;
  /** Numbers of everything but pairs and threads that `who` is in and does not shield himself from: what a session listens to. */
  numbersOf(app: number, who: PrincipalKey): Promise<number[]>;
  /** Numbers of everything that `who` is in where something happened after `after`, the newest first. */
  movedSince(app: number, who: PrincipalKey, after: number, limit: number): Promise<number[]>;
  /**
   * The direct conversations and groups of `who`, the newest `limit` of those with a place before `before`, newest first.
   * Those that share the last place come with it. A direct conversation without a message that is shown is left out.
   */
  talks(app: number, who: PrincipalKey, page: { readonly before?: number; readonly limit: number }): Promise<Talk[]>;
  /** By equality search over groups or rooms (core/search.ts). */
  find(app: number, kind: 'group' | 'room', search: Search): Promise<ConversationWithMembers[]>;
  /** A stretch of what the filter leaves; `more`: it ended at its limit, at most limits.queryScanMax. */
  scan(
    app: number,
    filter: ConversationFilter,
    scan: ConversationScan,
  ): Promise<{ conversations: Conversation[]; more: boolean }>;
  /** How many the filter leaves. */
  count(app: number, filter: ConversationFilter): Promise<number>;
  /** The members of many, by number, in the order of joining. */
  membersOf(app: number, nos: readonly number[]): Promise<{ no: number; members: Member[] }[]>;
}

export interface ConversationWrites extends MemberWrites {
  /**
   * Members and owner must exist as users. One for any number of racers where it is `unique`; limits bind only what is made.
   * Throws `full`, `conflict` (what: id).
   */
  create(app: number, conversation: NewConversation, limits: MemberLimits, now: number): Promise<Claimed>;
  /** Finds or creates the direct conversation of a pair: one for any number of racers. Marks it as talked in by pair address. */
  claimPair(app: number, a: PrincipalKey, b: PrincipalKey, now: number): Promise<Claimed>;
  /** Finds or creates the thread of a service with one client. Throws `conversation-not-found`. */
  claimThread(app: number, service: number, who: PrincipalKey, now: number): Promise<Claimed>;
  /** Throws `conversation-not-found`, `too-long`, `invalid-argument` (a step that does not fit). Keeps the search index in step. */
  change(app: number, no: number, change: ConversationChange, now: number): Promise<ConversationChanged>;
  /**
   * Marks the conversation deleted and takes its members out, at once; they are the answer. Its messages go later, by
   * eraseSlice, after `keepMs`. Throws `conversation-not-found`.
   */
  erase(app: number, no: number, now: number, keepMs?: number): Promise<{ members: PrincipalKey[] }>;
  /** Erases up to `limit` temporary conversations of any app whose time is over; they are the answer. */
  expire(
    now: number,
    limit: number,
  ): Promise<(ConversationKey & { readonly app: number; readonly members: PrincipalKey[] })[]>;
  /** Removes up to `rows` messages of deleted conversations of any app whose time has come; true when nothing is left. */
  eraseSlice(rows: number): Promise<{ done: boolean }>;
}
