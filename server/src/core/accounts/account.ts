// An account is how somebody proves to be a user: by a password, a phone, a third party or a session token. Many users
// have none, because their application vouches for them.
import type { JsonObject } from '../json.ts';

export type Account = {
  /** 24 hex digits. */
  readonly id: string;
  /** The user it proves to be; its own id unless somebody chose another. */
  readonly userId: string;
  readonly username: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly phoneVerified: boolean;
  readonly emailVerified: boolean;
  readonly hasPassword: boolean;
  /** Whatever else the application keeps with it. */
  readonly attributes: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Last time a session token was issued. */
  readonly loginAt: number | null;
};

/** Who somebody is at a third party. `data` is what it told of him. */
export type Link = { readonly provider: string; readonly subject: string; readonly data?: JsonObject };

export type NewAccount = {
  /** Default: a new one. */
  readonly id?: string;
  /** Default: the account's id. */
  readonly userId?: string;
  readonly username?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly phoneVerified?: boolean;
  readonly emailVerified?: boolean;
  /** As ports/passwords.ts made it, never a plain one. */
  readonly password?: string;
  readonly attributes?: JsonObject;
  readonly link?: Link;
  /** A passenger who becomes the account's user and keeps what was said: see moved. */
  readonly passenger?: string;
};

/** What an account's making moved from a passenger: his direct conversations and the others in them. */
export type MovedTalk = {
  readonly conversations: readonly { readonly no: number; readonly other: string }[];
};

export type AccountChange = {
  readonly username?: string;
  readonly phone?: string | null;
  readonly phoneVerified?: boolean;
  readonly email?: string | null;
  readonly emailVerified?: boolean;
  /** The whole map. */
  readonly attributes?: JsonObject;
};

export interface AccountReads {
  byId(app: number, id: string): Promise<Account | undefined>;
  byUser(app: number, userId: string): Promise<Account | undefined>;
  byUsername(app: number, username: string): Promise<Account | undefined>;
  byPhone(app: number, phone: string): Promise<Account | undefined>;
  byEmail(app: number, email: string): Promise<Account | undefined>;
  byProvider(app: number, provider: string, subject: string): Promise<Account | undefined>;
  /** The stored password; null: the account has none. undefined: there is no such account. */
  passwordOf(app: number, id: string): Promise<string | null | undefined>;
  links(app: number, id: string): Promise<Link[]>;
  /** By creation, oldest first. */
  list(app: number, page: { skip: number; limit: number }): Promise<Account[]>;
}

export interface AccountWrites {
  /**
   * Makes the account, its user where there is none, its link, and moves the passenger's talk: all of it or nothing.
   * Throws `conflict` (what: id, user, username, phone, email, provider), `passenger-not-found`.
   */
  create(app: number, account: NewAccount, now: number): Promise<{ account: Account; moved: MovedTalk }>;
  /** Throws `user-not-found`, `conflict` (what: username, phone, email). */
  change(app: number, id: string, change: AccountChange, now: number): Promise<Account>;
  /** Sets the stored password (null: none) and revokes every session and reset token. Throws `user-not-found`. */
  setPassword(app: number, id: string, password: string | null, now: number): Promise<void>;
  /** The phone is proven to be the account's now; password, links and tokens from before are taken away. Throws `user-not-found`. */
  claim(app: number, id: string, now: number): Promise<Account>;
  /** A better form of the same password: written only while the old form stands. No token is revoked. */
  renewPassword(app: number, id: string, from: string, to: string): Promise<void>;
  /** Throws `user-not-found`, `conflict` (what: provider) when the link belongs to another account. */
  link(app: number, id: string, link: Link, now: number): Promise<void>;
  unlink(app: number, id: string, provider: string, now: number): Promise<void>;
  /** The account with links and tokens; its user stays. False: there was none. */
  remove(app: number, id: string): Promise<boolean>;
}
