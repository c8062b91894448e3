// A guest is a user of another app as this app knows him: under his name and his app's id, and only where one of the two
// apps may address the other. A conversation with guests has a twin in each of their apps: the same people and messages in
// that app's own words, so that every door of it shows them as any other conversation.
import type { ConversationKey, ConversationKind, NewConversation } from '../conversations/conversation.ts';
import type { MemberOutcome } from '../conversations/member.ts';
import type { PrincipalKey } from '../ids.ts';

/** A conversation of some app. */
export type Linked = ConversationKey & { readonly app: number; readonly appId: string };

/** Everything that is the same talk. */
export type Links = {
  /** Where its people and facts are decided. */
  readonly home: Linked;
  readonly twins: readonly Linked[];
  /** False: something changed at home that a twin has not got yet. */
  readonly settled: boolean;
};

/** What settling did to one twin. */
export type Settled = {
  readonly twin: Linked;
  /** Made just now, with these people. */
  readonly created?: readonly PrincipalKey[];
  readonly outcome?: MemberOutcome;
  readonly renamed: boolean;
};

/** The facts that a twin has from its home. */
export type TwinFacts = Pick<NewConversation, 'name' | 'description' | 'avatar' | 'open' | 'keeps'> & {
  readonly kind: Extract<ConversationKind, 'group' | 'room'>;
};

export interface GuestReads {
  /** As whom other apps know a user of `home`. */
  elsewhere(home: number, id: string): Promise<{ app: number; appId: string; id: PrincipalKey }[]>;
  /** undefined: the conversation stands alone. */
  links(app: number, no: number): Promise<Links | undefined>;
  /** Number of the twin that `app` has of a conversation. */
  twinOf(app: number, home: number, no: number): Promise<number | undefined>;
  /** Of these conversations of an app those that are twins, deleted ones too, and of what. */
  homesOf(app: number, nos: readonly number[]): Promise<{ no: number; home: Pick<Linked, 'app' | 'appId' | 'no'> }[]>;
  /** The twins that somebody is in. */
  twinsWith(app: number, who: PrincipalKey): Promise<Pick<Linked, 'app' | 'appId' | 'no'>[]>;
}

export interface GuestWrites {
  /** Makes users of other apps known here. Throws `conflict` (what: name) where the app has a user of its own of that id. */
  welcome(app: number, guests: readonly { id: PrincipalKey; home: number }[], now: number): Promise<void>;
  /**
   * Brings all twins of a conversation into line with it, in one transaction; makes those that are missing. Only apps in
   * `granted` take part: a twin in another one loses its people. Answers what changed; nothing where there are no guests.
   */
  settle(app: number, no: number, granted: readonly number[], now: number): Promise<Settled[]>;
}
