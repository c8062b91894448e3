// Who is in a conversation, and by which rules that changes. A door is a set of these values, not a second function.
import type { AttributesChange } from '../attributes.ts';
import type { ImErrorCode, ImErrorDetails } from '../errors.ts';
import type { PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';

export type MemberRole = 'owner' | 'manager' | 'member';

export type Member = {
  readonly who: PrincipalKey;
  readonly role: MemberRole;
  /** False: belongs to the conversation only because he owns it; has every right, is not shown in the member list. */
  readonly listed: boolean;
  readonly joinedAt: number;
  /** The conversation's `ts` when he joined: what came later counts as unread. */
  readonly since: number;
  /** He wants nothing of it delivered; history keeps it. */
  readonly shield: boolean;
};

/** How many people and memberships a change may lead to; they come from settings and limits. */
export type MemberLimits = { readonly membersMax: number; readonly membershipsMax: number };

/** What a change of members does where doors differ. */
export type MemberRule = {
  /**
   * `all-or-nothing`: one refusal refuses all. `per-id`: who is refused is named in the outcome, the others change.
   * `add-then-remove`: what was added stays when the removal is refused, and the outcome carries the refusal.
   */
  readonly mode: 'all-or-nothing' | 'per-id' | 'add-then-remove';
  /** Adding who is in: nothing, or `already` (what: member). */
  readonly already: 'skip' | 'error';
  /** Removing who is not in: nothing, or `not-a-member` (purpose: change). */
  readonly absent: 'skip' | 'error';

  /** `owner-stays`; or the longest-standing other member becomes owner, nobody after the last; or nobody becomes owner. */
  readonly ownerLeaves: 'refuse' | 'successor' | 'vacant';
  readonly whenEmpty: 'keep' | 'delete';
  /** Adding somebody whom the conversation has blocked, or who has blocked it: `blocked`, left out silently, or not looked at. */
  readonly blocked: 'error' | 'skip' | 'ignore';
  /**
   * Roles count: a plain member removes nobody but himself, a manager removes plain members only, and an owner stays while
   * more than two are in.
   */
  readonly roles: boolean;
  /** Who asks; absent: the application. */
  readonly by?: PrincipalKey;
};

/** All or nothing, forgiving, the owner stays. */
export const plainRule: MemberRule = {
  mode: 'all-or-nothing',
  already: 'skip',
  absent: 'skip',
  ownerLeaves: 'refuse',
  whenEmpty: 'keep',
  blocked: 'ignore',
  roles: false,
};

/** A change of the owner and of the member list, decided under the conversation's lock. */
export type MemberChange = {
  /** New owner: he joins unlisted when he was no member; the former one becomes a plain, listed member. */
  readonly owner?: PrincipalKey;
  /** The new owner has to be a member already: else `not-a-member` (purpose: change). */
  readonly ownerAmong?: boolean;
  /** The whole list anew; the owner cannot be lost this way. Excludes `add` and `remove`. */
  readonly replace?: readonly PrincipalKey[];
  readonly add?: readonly PrincipalKey[];
  readonly remove?: readonly PrincipalKey[];
  /** How long the messages are kept of what is deleted because nobody is left. */
  readonly keepMs?: number;
  /** Conversations of this kind that somebody who is added may be in, where a door's figure is lower than the core's. */
  readonly membershipsMax?: number;
  /** What differs from plainRule. */
  readonly rule?: Partial<MemberRule>;
};

/** One who was not changed, and why. */
export type Refusal = { readonly who: PrincipalKey; readonly code: ImErrorCode; readonly details: ImErrorDetails };

export type MemberOutcome = {
  readonly added: readonly PrincipalKey[];
  readonly removed: readonly PrincipalKey[];
  readonly owner: PrincipalKey | null;
  /** The owner is another one than before. */
  readonly ownerChanged: boolean;
  /** Of rule `per-id`: by id. Of `add-then-remove`: why nobody was removed. */
  readonly refused: readonly Refusal[];
  /** The last one has gone and the rule says so: the conversation is deleted. */
  readonly deleted: boolean;
  /** The pair that a third person joined is a group from now on. */
  readonly becameGroup: boolean;
  /** The change's place in the conversation's order; 0 when nothing changed. */
  readonly ts: number;
  /** The conversation's `ts` before the change; 0 when nothing changed. */
  readonly prev: number;
};

/** A stretch of a member list in the order of joining, who is not listed left out. */
export type MemberPage = {
  /** Only those who joined after this member. */
  readonly after?: PrincipalKey;
  readonly skip?: number;
  readonly limit: number;
  readonly roles?: readonly MemberRole[];
  readonly newestFirst?: boolean;
};

/** Somebody who may not speak, a member or not. */
export type Silence = {
  readonly who: PrincipalKey;
  /** Unix milliseconds; null: until it is lifted. */
  readonly until: number | null;
  readonly by: PrincipalKey | null;
  readonly since: number;
};

export interface MemberReads {
  /** Everybody, the unlisted owner too. */
  roster(app: number, no: number): Promise<PrincipalKey[]>;
  members(app: number, no: number, page: MemberPage): Promise<{ total: number; members: Member[] }>;
  /** Those of `who` that are in, the unlisted owner too; in no particular order. */
  among(app: number, no: number, who: readonly PrincipalKey[]): Promise<Member[]>;
  /** Attributes of one member inside a conversation; undefined when not a member. */
  card(app: number, no: number, who: PrincipalKey): Promise<JsonObject | undefined>;
  /** Who is silenced at `now`, in the order of silencing. `timed`: only those whose silence ends by itself, or only the others. */
  silences(
    app: number,
    no: number,
    page: { readonly skip: number; readonly limit: number; readonly timed?: boolean },
    now: number,
  ): Promise<{ total: number; silences: Silence[] }>;
}

export interface MemberWrites {
  /**
   * All rules are read and written under the conversation's lock. Throws `conversation-not-found`, `wrong-kind`; what the rule
   * makes an error: `owner-stays`, `full`, `already`, `not-a-member`, `blocked`, `forbidden`.
   */
  changeMembers(
    app: number,
    no: number,
    change: MemberChange,
    limits: MemberLimits,
    now: number,
  ): Promise<MemberOutcome>;
  /** Throws `not-a-member`. */
  setCard(app: number, no: number, who: PrincipalKey, change: AttributesChange): Promise<void>;
  /** The owner's role is not changed this way (`owner-stays`). Throws `not-a-member` unless all are in. Answers whose role is another one now. */
  setRole(app: number, no: number, who: readonly PrincipalKey[], role: 'manager' | 'member'): Promise<PrincipalKey[]>;
  /**
   * Of one member in many conversations; all or nothing. Throws `conversation-not-found`, `not-a-member` (purpose: change);
   * `strict`: `already`, `absent` (what: shield).
   */
  setShields(
    app: number,
    who: PrincipalKey,
    change: { add: readonly number[]; remove: readonly number[]; strict: boolean },
  ): Promise<void>;
  /**
   * `sticky` ones outlive a membership; the others are lifted when he leaves. A later call replaces `until`, but a timed one
   * does not shorten one without end.
   * `membersOnly`: throws `not-a-member` (purpose: change) unless all are in. Throws `full` (what: silences).
   */
  silence(
    app: number,
    no: number,
    who: readonly PrincipalKey[],
    silence: { until: number | null; sticky: boolean; by: PrincipalKey | null; membersOnly: boolean; max: number },
    now: number,
  ): Promise<void>;

  /** Who was not silenced is ignored; answers who was. `timed` as in `silences`. */
  unsilence(
    app: number,
    no: number,
    who: readonly PrincipalKey[],
    now: number,
    timed?: boolean,
  ): Promise<PrincipalKey[]>;
}
