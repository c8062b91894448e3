// A conversation is the only thing messages go to: direct talk, groups, rooms, services and the rest are kinds of one.
import type { AttributesChange } from '../attributes.ts';
import type { PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Search } from '../search.ts';

export type ConversationKind = 'direct' | 'group' | 'room' | 'service' | 'thread' | 'temporary';

export type Conversation = {
  /** Storage key and topic: from one server-wide counter, never reused. */
  readonly no: number;
  /** Text in the form of the door that created it. */
  readonly id: string;
  readonly kind: ConversationKind;
  readonly name: string | null;
  readonly attributes: JsonObject;
  readonly creator: PrincipalKey | null;
  readonly owner: PrincipalKey | null;
  readonly memberMax: number | null;
  /** Whether messages are stored. False for rooms of the MaxLeap door. */
  readonly keeps: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** `ts` of the newest message that was stored; 0 before the first. */
  readonly lastTs: number;
};

/** Enough of a conversation to read its newest message. */
export type ConversationRef = { readonly no: number; readonly lastTs: number };

export type Member = {
  readonly who: PrincipalKey;
  readonly role: 'owner' | 'manager' | 'member';
  /** False: belongs to the conversation only because he owns it; has every right, is not shown in the member list. */
  readonly listed: boolean;
  readonly joinedAt: number;
};

export type ConversationWithMembers = Conversation & { readonly members: readonly Member[] };

export type NewConversation = {
  readonly id: string;
  readonly kind: 'group' | 'room';
  readonly name: string | null;
  readonly attributes: JsonObject;
  readonly creator: PrincipalKey | null;
  readonly owner: PrincipalKey | null;
  /** Without an owner who is not listed. */
  readonly members: readonly PrincipalKey[];
  readonly keeps: boolean;
};

export type ConversationChange = {
  readonly name?: string | null;
  readonly attributes?: AttributesChange;
};

/** How many people and memberships a change may lead to; they come from settings and limits. */
export type MemberLimits = { readonly membersMax: number; readonly membershipsMax: number };

/** A change of the owner and of the member list, decided under the conversation's lock. */
export type MemberChange = {
  /** New owner: he joins unlisted when he was no member; the former one becomes a plain, listed member. */
  readonly owner?: PrincipalKey;
  /** The whole list anew; the owner cannot be lost this way. Excludes `add` and `remove`. */
  readonly replace?: readonly PrincipalKey[];
  readonly add?: readonly PrincipalKey[];
  /** People who are no members are ignored. The owner among them: `owner-stays`, and nothing happens. */
  readonly remove?: readonly PrincipalKey[];
};

export type MemberOutcome = {
  readonly added: readonly PrincipalKey[];
  readonly removed: readonly PrincipalKey[];
  readonly owner: PrincipalKey | null;
  /** The change's place in the conversation's order; 0 when nothing changed. */
  readonly ts: number;
};

export interface ConversationReads {
  /** By its id, or by its number in decimal. Deleted ones are not found. */
  open(app: number, id: string): Promise<Conversation | undefined>;
  withMembers(app: number, no: number): Promise<ConversationWithMembers | undefined>;
  /** The direct conversation of a pair, if the two ever had one. */
  ofPair(app: number, a: PrincipalKey, b: PrincipalKey): Promise<Conversation | undefined>;
  /** Those that `who` is in, in the order of joining. */
  of(app: number, who: PrincipalKey, kind: 'group' | 'room'): Promise<ConversationWithMembers[]>;
  idsOf(app: number, who: PrincipalKey, kind: 'group' | 'room'): Promise<string[]>;
  /** Numbers of every group and room that `who` is in: what a session listens to. */
  numbersOf(app: number, who: PrincipalKey): Promise<number[]>;
  /** Everybody, the unlisted owner too. */
  roster(app: number, no: number): Promise<PrincipalKey[]>;
  find(app: number, kind: 'group' | 'room', search: Search): Promise<ConversationWithMembers[]>;
  /** Attributes of one member inside a conversation; undefined when not a member. */
  card(app: number, no: number, who: PrincipalKey): Promise<JsonObject | undefined>;
}

export interface ConversationWrites {
  /** Throws `full`. Members and owner must exist as users. */
  create(app: number, conversation: NewConversation, limits: MemberLimits, now: number): Promise<{ no: number }>;
  /** Finds or creates the direct conversation of a pair: one for any number of racers. Marks it as talked in by pair address. */
  claimPair(app: number, a: PrincipalKey, b: PrincipalKey, now: number): Promise<{ no: number; created: boolean }>;
  /** Throws `conversation-not-found`, `too-long`. Keeps the search index in step. */
  change(app: number, no: number, change: ConversationChange, now: number): Promise<void>;
  /** All rules are read and written under the conversation's lock. All or nothing. Throws `conversation-not-found`, `owner-stays`, `full`. */
  changeMembers(
    app: number,
    no: number,
    change: MemberChange,
    limits: MemberLimits,
    now: number,
  ): Promise<MemberOutcome>;
  setCard(app: number, no: number, who: PrincipalKey, change: AttributesChange): Promise<void>;
  /**
   * Marks the conversation deleted and takes its members out, at once; they are the answer. Its messages go later, by
   * eraseSlice. Throws `conversation-not-found`.
   */
  erase(app: number, no: number, now: number): Promise<{ members: PrincipalKey[] }>;
  /** Removes up to `rows` messages of deleted conversations of any app; true when nothing is left. */
  eraseSlice(rows: number): Promise<{ done: boolean }>;
}
