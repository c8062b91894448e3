// A user is a chat identity, named by a string that the application chose.
import type { AttributesChange } from '../attributes.ts';
import type { ConversationKey } from '../conversations/conversation.ts';
import type { PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Search } from '../search.ts';

export type User = {
  readonly id: string;
  readonly attributes: JsonObject;
  /** Typed facts (nickname, avatar, birthday, …) that one door writes and all may show. */
  readonly profile: JsonObject;
  /** An integer of the application's choosing. */
  readonly kindNo: number | null;
  readonly admin: boolean;
  /** Cannot log in or speak, anywhere. */
  readonly disabled: boolean;
  readonly createdAt: number;
  /** Last change of the profile. */
  readonly profileAt: number;
  /** Last login or change of attributes. */
  readonly seenAt: number;
  /** Number of the app whose user he is, where he is a guest here; null: this app's. */
  readonly home: number | null;
};

export type NewUser = {
  readonly id: string;
  readonly profile?: JsonObject;
  readonly admin?: boolean;
  /** How he proves to be himself by a password: its hash as core/accounts writes it. Made in the same transaction. */
  readonly account?: { readonly id: string; readonly password: string };
};

/** What was taken away with a user, for those who have to hear of it. */
export type Erased = {
  /** Groups, rooms and services he was in, with who owns each now; a conversation that ended with him is `deleted`. */
  readonly left: readonly (ConversationKey & {
    readonly owner: PrincipalKey | null;
    readonly ownerChanged: boolean;
    readonly deleted: boolean;
    readonly ts: number;
    readonly prev: number;
  })[];
  readonly friends: readonly string[];
  /** People he had a direct conversation with. */
  readonly talkedWith: readonly PrincipalKey[];
};

export type UserPage = { readonly skip: number; readonly limit: number; readonly admin?: boolean };

export interface UserReads {
  byId(app: number, id: string): Promise<User | undefined>;
  /** In the order asked; undefined where there is nobody. */
  byIds(app: number, ids: readonly string[]): Promise<(User | undefined)[]>;
  /** By creation, the oldest first; without guests. */
  list(app: number, page: UserPage): Promise<{ total: number; users: User[] }>;
  /** Those of `ids` that exist, in no particular order. */
  existing(app: number, ids: readonly string[]): Promise<string[]>;
  /** Throws `too-large` (what: search) when more than limits.queryScanMax rows would have to be sorted. */
  find(app: number, search: Search): Promise<User[]>;
  /** When he was sent away last, Unix milliseconds; 0 = never, or nobody of that id. What he got before lets him in no more. */
  sentAwayAt(app: number, id: string): Promise<number>;
  /** Install ids of a user, oldest binding first. */
  installs(app: number, id: string): Promise<string[]>;
}

export interface UserWrites {
  /**
   * Creates each that is not there; the answer says of each whether it was. Atomic for each, in one transaction of at most
   * limits.registerMax. A name twice in one call exists the second time, and so does one that
   * is the username of an account where an account is to be made.
   */
  register(app: number, users: readonly NewUser[], now: number): Promise<('created' | 'exists')[]>;
  /** Top-level names; null removes one. Moves `profileAt`. Throws `user-not-found`, `too-long`. */
  setProfile(app: number, id: string, change: JsonObject, now: number): Promise<void>;
  /** Throws `user-not-found`. */
  mark(app: number, id: string, marks: { readonly admin?: boolean; readonly disabled?: boolean }): Promise<void>;
  /**
   * Takes a user away with memberships, friends, blocks, quiets, silences, marks, installs and accounts, in one transaction;
   * what he owned goes to the longest-standing member, or ends. His direct conversations keep their history and lose their
   * claim: a later user of this name begins new ones. Throws `user-not-found`.
   */
  erase(app: number, id: string, now: number, keepMs?: number): Promise<Erased>;
  /** Creates the missing ones. Idempotent; concurrent callers may name the same ids. Returns those created. */
  ensure(app: number, ids: readonly string[], now: number): Promise<string[]>;
  /** A login: creates the user when missing, moves `seenAt`, binds the install when given. */
  login(app: number, id: string, now: number, install?: string): Promise<void>;
  /** Throws `user-not-found`, `too-long`. Moves `seenAt`. Keeps the search index in step. */
  setAttributes(app: number, id: string, change: AttributesChange, now: number): Promise<void>;
  /** Nobody of that id: nothing happens. */
  sendAway(app: number, id: string, now: number): Promise<void>;
  setKindNo(app: number, id: string, kindNo: number, now: number): Promise<void>;
  /** An install belongs to one user at a time: binding it here takes it from its former owner. The oldest above the limit is dropped. */
  bindInstall(app: number, id: string, install: string, now: number): Promise<void>;
  /** Unknown ids are ignored. */
  unbindInstalls(app: number, id: string, installs: readonly string[]): Promise<void>;
}
