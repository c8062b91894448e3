// What another messenger's app consists of, in the words of the core, as an import puts it into the store: with its own
// ids and times, announced to nobody. Every slice carries how far the import has come, so that it can be killed at any
// moment and goes on where it was.
import type { Link } from '../accounts/account.ts';
import type { MemberRole } from '../conversations/member.ts';
import type { PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Content, Mentions, Original } from '../messages/message.ts';

export type RestoredKind = 'user' | 'conversation' | 'member' | 'message' | 'install' | 'file' | 'link' | 'row';

/** Something that could not be taken, and why. One of an id is noted once. */
export type Loss = {
  readonly what: RestoredKind;
  readonly id: string;
  /** A few words, the same for all of one sort. */
  readonly reason: string;
  readonly detail?: string;
};

/** How far one part of the import is; null forgets it. */
export type ImportState = { readonly what: string; readonly state: JsonObject | null };

/** What is written together with the rows of a slice. */
export type Slice = {
  /** Where it comes from: states and losses are kept by it. */
  readonly source: string;
  readonly states: readonly ImportState[];
  readonly losses: readonly Loss[];
};

/** How many rows of a slice were new, were changed, were there already just so, and could not be taken. */
export type Taken = { readonly made: number; readonly changed: number; readonly same: number; readonly lost: number };

export type RestoredConversation = {
  readonly id: string;
  readonly kind: 'group' | 'room' | 'service';
  /** The one conversation of its members; of two it is their direct one. */
  readonly unique: boolean;
  readonly name: string | null;
  readonly attributes: JsonObject;
  readonly columns: JsonObject;
  readonly creator: PrincipalKey | null;
  readonly owner?: PrincipalKey | null;
  readonly description?: string;
  readonly avatar?: string;
  readonly members: readonly PrincipalKey[];
  /** Who wants no push of it. */
  readonly quiet: readonly PrincipalKey[];
  readonly createdAt: number;
  /** A row that is there is changed only by a newer one. */
  readonly updatedAt: number;
  /** When it was last talked in, as its source says; 0: never. */
  readonly lastTs: number;
};

/** What hangs on a conversation beside its row. Absent: not asked for, and left as it is. */
export type RestoredStanding = {
  readonly id: string;
  readonly roles?: readonly { readonly who: PrincipalKey; readonly role: MemberRole }[];
  /** Silenced without end. */
  readonly silenced?: readonly PrincipalKey[];
  readonly blocked?: readonly PrincipalKey[];
  readonly subscribers?: readonly { readonly who: PrincipalKey; readonly at: number }[];
};

export type RestoredUser = {
  readonly id: string;
  readonly username?: string;
  readonly phone?: string;
  readonly phoneVerified: boolean;
  readonly email?: string;
  readonly emailVerified: boolean;
  /** As ports/passwords.ts adopted it; absent: not known, and what is kept stays. */
  readonly password?: string;
  readonly attributes: JsonObject;
  readonly links: readonly Link[];
  readonly createdAt: number;
  /** A row that is there is changed only by a newer one; a missing password is filled in by any. */
  readonly updatedAt: number;
  /** Digest of a session token that his devices hold. */
  readonly session?: { readonly digest: string; readonly expiresAt: number | null };
};

export type RestoredInstall = {
  readonly id: string;
  readonly who: PrincipalKey;
  readonly platform: string;
  readonly token: string;
  readonly language: string | null;
  readonly at: number;
};

export type RestoredMessage = {
  /** Id of its conversation. */
  readonly to: string;
  /** Of what a service said to one client: the client. */
  readonly client?: PrincipalKey;
  readonly foreignId: string;
  readonly ts: number;
  readonly sender: PrincipalKey | null;
  readonly content: Content;
  readonly original?: Original;
  readonly mentions?: Mentions;
  readonly deliveredAt?: number;
  readonly editedTs?: number;
};

/** A message whose file is found elsewhere from now on. */
export type Relinked = { readonly no: number; readonly content: Content; readonly original?: Original };

export type RestoreRule = {
  /** What is there with other content takes the source's: it was edited or taken back there since. Else it is noted. */
  readonly overwrite: boolean;
  /** A conversation that is not there is made, of those who spoke in it. Else its messages are noted. */
  readonly createMissing: boolean;
};

export interface ImportReads {
  state(app: number, source: string, what: string): Promise<JsonObject | undefined>;
  /** Those whose name begins so, by name. */
  states(app: number, source: string, prefix: string): Promise<ImportState[]>;
  /** Sources that ever brought something, by name. */
  sources(app: number): Promise<string[]>;
  /** By kind and id, those after one. */
  losses(
    app: number,
    source: string,
    page: { readonly after?: Pick<Loss, 'what' | 'id'>; readonly what?: RestoredKind; readonly limit: number },
  ): Promise<Loss[]>;
  countLosses(app: number, source: string): Promise<{ what: RestoredKind; reason: string; count: number }[]>;
}

/** Each is one transaction of at most limits.restoreRowsMax rows. */
export interface ImportWrites {
  restoreConversations(app: number, rows: readonly RestoredConversation[], slice: Slice): Promise<Taken>;
  restoreStandings(app: number, rows: readonly RestoredStanding[], slice: Slice): Promise<Taken>;
  restoreUsers(app: number, rows: readonly RestoredUser[], slice: Slice): Promise<Taken>;
  restoreInstalls(app: number, rows: readonly RestoredInstall[], slice: Slice): Promise<Taken>;
  /** Of one conversation the oldest first: those of one millisecond keep that order. Everybody counts as having read them. */
  restoreMessages(app: number, rows: readonly RestoredMessage[], rule: RestoreRule, slice: Slice): Promise<Taken>;
  /** New links in messages that are here. Those of the source are noted (what: link), for comparisons. */
  relink(app: number, rows: readonly Relinked[], slice: Slice): Promise<Taken>;
  /** States and losses alone. */
  note(app: number, slice: Slice): Promise<void>;
}
