// Who is online, over all nodes.
import type { PrincipalKey } from '../ids.ts';

export interface Presence {
  /**
   * `first`: nobody of this principal was online before. Exact: no two concurrent calls both hear true.
   * `toAll`: this session wants everybody to be told of its coming and going, not friends alone.
   */
  enter(app: number, who: PrincipalKey, session: string, toAll: boolean): Promise<{ first: boolean }>;
  /**
   * `last`: nobody of this principal is online any more. Leaving twice is `last: false`.
   * `toAll`: some session of the online period that ends now wanted everybody to be told.
   */
  leave(app: number, who: PrincipalKey, session: string): Promise<{ last: boolean; toAll: boolean }>;
  /** Live sessions of a principal. */
  count(app: number, who: PrincipalKey): Promise<number>;
  /** Those of `who` that are online. */
  online(app: number, who: readonly PrincipalKey[]): Promise<Set<PrincipalKey>>;
  /** Principals of the app that are online. */
  countOnline(app: number): Promise<number>;
  /** The session takes part in a room for as long as it lives. False: it did already. */
  attend(app: number, room: number, session: string, who: PrincipalKey): Promise<boolean>;
  /** False: it did not take part. */
  unattend(app: number, room: number, session: string): Promise<boolean>;
  /** People whose sessions take part in a room: how many, and up to `limit` of them. */
  attendees(app: number, room: number, limit: number): Promise<{ total: number; who: PrincipalKey[] }>;
  /** Rooms that the session takes part in; `leave` ends them. */
  attending(app: number, session: string): Promise<number[]>;
  close(): Promise<void>;
}
