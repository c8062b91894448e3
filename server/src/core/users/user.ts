// A user is a chat identity, named by a string that the application chose.
import type { AttributesChange } from '../attributes.ts';
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
  readonly disabled: boolean;
  readonly createdAt: number;
  /** Last change of the profile. */
  readonly profileAt: number;
  /** Last login or change of attributes. */
  readonly seenAt: number;
};

export interface UserReads {
  byId(app: number, id: string): Promise<User | undefined>;
  /** Those of `ids` that exist, in no particular order. */
  existing(app: number, ids: readonly string[]): Promise<string[]>;
  /** Throws `too-large` (what: search) when more than limits.queryScanMax rows would have to be sorted. */
  find(app: number, search: Search): Promise<User[]>;
  /** Install ids of a user, oldest binding first. */
  installs(app: number, id: string): Promise<string[]>;
}

export interface UserWrites {
  /** Creates the missing ones. Idempotent; concurrent callers may name the same ids. Returns those created. */
  ensure(app: number, ids: readonly string[], now: number): Promise<string[]>;
  /** A login: creates the user when missing, moves `seenAt`, binds the install when given. */
  login(app: number, id: string, now: number, install?: string): Promise<void>;
  /** Throws `user-not-found`, `too-long`. Moves `seenAt`. Keeps the search index in step. */
  setAttributes(app: number, id: string, change: AttributesChange, now: number): Promise<void>;
  setKindNo(app: number, id: string, kindNo: number, now: number): Promise<void>;
  /** An install belongs to one user at a time: binding it here takes it from its former owner. The oldest above the limit is dropped. */
  bindInstall(app: number, id: string, install: string, now: number): Promise<void>;
  /** Unknown ids are ignored. */
  unbindInstalls(app: number, id: string, installs: readonly string[]): Promise<void>;
}
